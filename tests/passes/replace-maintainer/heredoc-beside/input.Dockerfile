FROM alpine:3.20
RUN <<END
echo one
END
MAINTAINER Jane
RUN <<END
echo two
END
