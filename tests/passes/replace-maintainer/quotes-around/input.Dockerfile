FROM alpine:3.20
MAINTAINER "Jane \"JD\" Doe, 5$ an hour"
