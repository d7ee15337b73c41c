FROM debian:bookworm-slim
RUN useradd app && mkdir -p /etc/app
COPY --chown=app:app app.conf /etc/app/app.conf
