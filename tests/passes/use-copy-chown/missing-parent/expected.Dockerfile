FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app app.conf /etc/app/app.conf
