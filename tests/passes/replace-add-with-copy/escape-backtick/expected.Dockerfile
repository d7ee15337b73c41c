# escape=`
FROM debian:bookworm-slim
COPY a.conf `
    b.conf `
    /etc/app/
