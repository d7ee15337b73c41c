FROM mcr.microsoft.com/powershell:latest
SHELL ["pwsh", "-Command"]
COPY . /app
RUN chown -R app:app /app
