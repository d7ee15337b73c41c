FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY Shop.sln nuget.config ./
COPY src/Web/Web.csproj src/Web/
COPY src/Core/Core.csproj src/Core/
RUN dotnet restore Shop.sln
COPY . .
RUN dotnet publish -c Release -o /out src/Web/Web.csproj
