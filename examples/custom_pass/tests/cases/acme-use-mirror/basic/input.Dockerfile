FROM --platform=linux/amd64 python:3.13-slim AS app
RUN pip list

FROM docker.io/library/debian:12
COPY --from=app /usr/bin/python3 /x
