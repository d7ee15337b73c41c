FROM alpine:3.20
ARG DEV
RUN if [ "$DEV" ]; then apk add --no-cache gdb; fi; (apk add --no-cache curl) && echo "$(apk add --no-cache git)"
