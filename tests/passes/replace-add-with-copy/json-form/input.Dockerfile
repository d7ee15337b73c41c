FROM debian:bookworm-slim
ADD ["my file.json", "/app/"]
ADD ["archive.tar", "/app/"]
