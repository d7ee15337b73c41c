FROM example/with-sudo
USER app
WORKDIR /app
RUN sudo apt-get update && sudo apt-get install -y curl
