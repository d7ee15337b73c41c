# escape=`
FROM debian:bookworm
RUN apt update `
    && apt install -y curl
