FROM alpine:3.20
COPY <<Dockerfile /src/Dockerfile
FROM scratch
MAINTAINER nobody
Dockerfile
RUN <<EOF2
echo MAINTAINER me \
MAINTAINER x
EOF2
