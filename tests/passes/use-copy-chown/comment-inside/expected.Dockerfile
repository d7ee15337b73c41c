FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app src \
    # and the configuration
    conf \
    /app/
RUN chmod -R g-w /app && \
    # the application may write there
    ls -l /app
