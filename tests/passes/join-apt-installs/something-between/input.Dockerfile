FROM debian:12
RUN apt-get update && apt-get install -y gnupg && apt-key add key && apt-get install -y git; apt-get install -y vim || apt-get install -y nano
