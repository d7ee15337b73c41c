FROM debian:bookworm-slim
ADD a.conf \
    # the second one
    b.conf \
    /etc/app/
