FROM debian:bookworm-slim
ARG SOURCE=start.sh
ARG VERSION=1.2
ADD $SOURCE /usr/local/bin/
ADD target/app-${VERSION}.jar /app.jar
ADD dist/$SOURCE /usr/local/bin/
ADD dist/$SOURCE/ /usr/local/bin/
ADD start.sh $HOME/
