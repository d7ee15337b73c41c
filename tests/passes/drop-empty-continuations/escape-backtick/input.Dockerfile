# escape=`
FROM debian:bookworm-slim
RUN echo a `

    b
ENV X=c:\

ENV Y=d
