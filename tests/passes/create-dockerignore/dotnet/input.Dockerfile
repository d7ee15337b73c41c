FROM mcr.microsoft.com/dotnet/sdk:8.0
COPY . /app/
RUN dotnet publish /app
