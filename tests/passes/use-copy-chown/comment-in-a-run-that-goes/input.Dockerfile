FROM debian:bookworm-slim
RUN useradd app
COPY src /app
RUN \
    # may write
    chown -R app:app /app
CMD ["/app/run"]
