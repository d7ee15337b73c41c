FROM alpine:3.20
MAINTAINER $USER and ${USER}, "JD", it's C:\dir, # no comment
