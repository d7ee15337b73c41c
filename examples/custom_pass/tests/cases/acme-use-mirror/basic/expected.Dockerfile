FROM --platform=linux/amd64 mirror.acme.example/library/python:3.13-slim AS app
RUN pip list

FROM mirror.acme.example/library/debian:12
COPY --from=app /usr/bin/python3 /x
