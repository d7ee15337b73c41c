FROM debian:bookworm-slim
COPY ["my file.json", "/app/"]
ADD ["archive.tar", "/app/"]
