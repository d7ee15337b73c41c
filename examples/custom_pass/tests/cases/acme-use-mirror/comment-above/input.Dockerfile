# the base image
FROM python:3.13-slim \
    # and its name
    AS app
