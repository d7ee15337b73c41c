FROM example/alpine-with-sudo
USER app
RUN sudo apk add --no-cache curl
