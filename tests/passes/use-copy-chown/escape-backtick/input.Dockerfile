# escape=`
FROM debian:bookworm-slim
RUN useradd app
COPY src `
     conf `
     /app/
RUN chmod -R g-w /app `
 && chown -R app:app /app
