FROM debian:bookworm-slim
RUN echo FORM debian
