# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN --mount=type=tmpfs,target=/scratch touch /scratch/a
RUN --mount=type=tmpfs,target=/scratch test ! -e /scratch/a
RUN --mount=type=bind,rw,target=/src touch /src/a
RUN --mount=type=bind,rw,target=/src test ! -e /src/a
