FROM mirror.acme.example/library/alpine:3.20
COPY <<Dockerfile /x
FROM alpine:3.20
Dockerfile
