FROM eclipse-temurin:21-jre
ARG JAR=app.jar
COPY target/*.jar /app.jar
COPY web/assets /assets
COPY ${JAR} /other.jar
COPY run.sh /
