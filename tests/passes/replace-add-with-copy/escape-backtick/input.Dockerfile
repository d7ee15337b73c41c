# escape=`
FROM debian:bookworm-slim
ADD a.conf `
    b.conf `
    /etc/app/
