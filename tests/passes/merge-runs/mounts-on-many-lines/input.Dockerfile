# syntax=docker/dockerfile:1
FROM python:3.12-slim
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=a.txt,target=/a.txt \
    pip install -r /a.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    # the same file
    --mount=type=bind,source=a.txt,target=/a.txt \
    # once more
    pip install -r /a.txt --upgrade
