FROM debian:bookworm-slim
RUN Xvfb :1 & sleep 1
RUN touch /a
