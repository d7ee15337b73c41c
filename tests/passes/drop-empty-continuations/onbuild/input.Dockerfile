FROM debian:bookworm-slim
ONBUILD RUN echo a \

    b
