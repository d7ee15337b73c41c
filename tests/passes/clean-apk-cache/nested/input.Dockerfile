FROM alpine:3.20
ARG DEV
RUN if [ "$DEV" ]; then apk add gdb; fi; (apk add curl) && echo "$(apk add git)"
