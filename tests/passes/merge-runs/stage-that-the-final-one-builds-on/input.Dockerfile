FROM debian:bookworm-slim AS base
RUN a
RUN b
FROM base
RUN c
