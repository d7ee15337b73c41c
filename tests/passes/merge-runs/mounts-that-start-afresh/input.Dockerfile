FROM debian:bookworm-slim
RUN --mount=type=tmpfs,target=/t a
RUN --mount=type=tmpfs,target=/t b
