# escape=`
FROM debian:bookworm-slim
ENV A=C:\Program` Files
ENV B="C:\Program Files"
ENV C="x `
    y"
