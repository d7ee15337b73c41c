# syntax=docker/dockerfile:1
FROM python:3.12-slim
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=a.txt,target=/a.txt \
    ( pip install -r /a.txt ) \
    # the same file
    # once more
    && pip install -r /a.txt --upgrade
