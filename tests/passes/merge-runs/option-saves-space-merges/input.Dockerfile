FROM debian:bookworm-slim
RUN curl -O x.tgz
RUN tar xf x.tgz
RUN rm x.tgz
