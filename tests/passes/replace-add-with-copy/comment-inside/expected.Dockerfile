FROM debian:bookworm-slim
COPY a.conf \
    # the second one
    b.conf \
    /etc/app/
