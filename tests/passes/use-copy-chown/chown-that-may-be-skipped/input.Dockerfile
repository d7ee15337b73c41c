FROM debian:bookworm-slim
RUN useradd app
COPY . /app
RUN test -d /app/bin || chown -R app:app /app
RUN chown -R app:app /app; true
RUN chown -R app:app /app || true
