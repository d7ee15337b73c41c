FROM alpine:3.20
RUN <<END
echo one
END
LABEL org.opencontainers.image.authors="Jane"
RUN <<END
echo two
END
