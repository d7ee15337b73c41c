# escape=`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
LABEL org.opencontainers.image.authors="C:\users\jane costs `$5 `
    or ``more"`
