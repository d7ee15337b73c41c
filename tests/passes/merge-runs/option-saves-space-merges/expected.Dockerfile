FROM debian:bookworm-slim
RUN curl -O x.tgz \
    && tar xf x.tgz \
    && rm x.tgz
