# syntax=docker/dockerfile:1
FROM debian:bookworm-slim
RUN --network=none touch /a
RUN --network=none touch /b
