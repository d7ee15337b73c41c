FROM debian:bookworm-slim
RUN ( test -e /x && exit 0; make x ) \
    && b
