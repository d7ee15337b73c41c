FROM debian:bookworm-slim
RUN a
USER app
RUN b
WORKDIR /x
RUN c
ARG V
RUN d
COPY x y
RUN e
