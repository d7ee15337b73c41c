FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app src /app
    # may write
CMD ["/app/run"]
