FROM debian:bookworm-slim
RUN VERSION=1 && export VERSION && get $VERSION
RUN b
