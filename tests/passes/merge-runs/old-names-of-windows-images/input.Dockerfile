FROM microsoft/windowsservercore AS core
RUN mkdir a
RUN mkdir b

FROM microsoft/nanoserver:sac2016
RUN mkdir a
RUN mkdir b
