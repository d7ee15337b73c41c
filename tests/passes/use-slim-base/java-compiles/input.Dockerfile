FROM eclipse-temurin:17
COPY . .
RUN javac Main.java
CMD ["java", "Main"]
