FROM debian:bookworm-slim AS base
RUN a \
    && b
FROM base
RUN c
