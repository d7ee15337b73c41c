FROM debian:bookworm-slim
COPY . /app
RUN --mount=type=cache,target=/app/cache chown -R www-data:www-data /app/cache
RUN --mount=type=bind,target=/app chown -R www-data:www-data /app
RUN --mount=type=bind,target=/app/x,source=x chown -R www-data:www-data /app/x
