# escape=`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
MAINTAINER C:\users\jane costs $5 `
    or `more`
