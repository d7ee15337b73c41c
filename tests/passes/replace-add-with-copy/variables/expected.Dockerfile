FROM debian:bookworm-slim
ARG SOURCE=start.sh
ARG VERSION=1.2
ADD $SOURCE /usr/local/bin/
COPY target/app-${VERSION}.jar /app.jar
COPY dist/$SOURCE /usr/local/bin/
COPY dist/$SOURCE/ /usr/local/bin/
COPY start.sh $HOME/
