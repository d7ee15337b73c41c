FROM debian:bookworm-slim
RUN useradd app
COPY src /app
RUN chown -R app:app /app \
    # then look at it
    && ls -l /app
