FROM debian:bookworm-slim AS build
RUN touch /server && setcap cap_net_bind_service=+ep /server
FROM debian:bookworm-slim
RUN useradd app
COPY --from=build /server /app/server
RUN chown -R app:app /app
