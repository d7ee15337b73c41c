FROM debian:bookworm-slim
LABEL note="ADD start.sh /"
RUN echo ADD start.sh /
