FROM debian:bookworm-slim
ADD https://example.org/tool.sh /usr/local/bin/
ADD git@github.com:moby/buildkit.git#v0.13 /src
ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://example.org/a.txt /
ADD --keep-git-dir=true https://github.com/moby/buildkit.git /src
