FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app src /app
RUN \
    # then look at it
    ls -l /app
