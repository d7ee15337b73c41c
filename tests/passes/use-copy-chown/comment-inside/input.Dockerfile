FROM debian:bookworm-slim
RUN useradd app
COPY src \
    # and the configuration
    conf \
    /app/
RUN chmod -R g-w /app && \
    # the application may write there
    chown -R app:app /app && \
    ls -l /app
