# syntax=docker/dockerfile:1
FROM fedora:41
RUN --mount=type=secret,id=token dnf install -y git && dnf clean all
