FROM alpine:3.20
COPY *.log a.txt /x/
