FROM example/with-sudo
USER app
RUN sudo apt-get update
WORKDIR /app
RUN sudo apt-get install -y curl
