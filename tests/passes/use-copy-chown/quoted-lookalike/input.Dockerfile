FROM debian:bookworm-slim
COPY . /app
RUN echo "chown -R app:app /app"
CMD ["sh", "-c", "chown -R app:app /app && exec run"]
