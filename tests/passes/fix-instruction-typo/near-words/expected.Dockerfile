FROM debian:bookworm-slim
COPY a b
EXPOSE 80
ENTRYPOINT ["a"]
WORKDIR /x
VOLUME ["/data"]
LABEL a=b
ENV A=b
