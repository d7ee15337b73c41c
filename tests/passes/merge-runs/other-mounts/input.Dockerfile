FROM debian:bookworm-slim
RUN --mount=type=cache,target=/c a
RUN --mount=type=cache,target=/d b
RUN c
