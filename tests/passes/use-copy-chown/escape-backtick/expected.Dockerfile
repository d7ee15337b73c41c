# escape=`
FROM debian:bookworm-slim
RUN useradd app
COPY --chown=app:app src `
     conf `
     /app/
RUN chmod -R g-w /app
