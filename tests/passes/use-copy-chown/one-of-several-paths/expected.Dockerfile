FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app . /app
RUN chown -R app:app \
        /var/log \
        /var/lib/misc
