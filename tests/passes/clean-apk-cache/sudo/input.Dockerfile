FROM example/alpine-with-sudo
USER app
RUN sudo apk update && sudo apk add curl
