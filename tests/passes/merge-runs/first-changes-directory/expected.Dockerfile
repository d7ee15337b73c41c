FROM debian:bookworm-slim
RUN ( cd /srv && make ) \
    && make install
