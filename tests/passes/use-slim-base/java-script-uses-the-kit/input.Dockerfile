FROM eclipse-temurin:21-jdk
COPY start.sh /start.sh
COPY app.jar /app.jar
CMD ["/start.sh"]
