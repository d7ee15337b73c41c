# the base image
FROM mirror.acme.example/library/python:3.13-slim \
    # and its name
    AS app
