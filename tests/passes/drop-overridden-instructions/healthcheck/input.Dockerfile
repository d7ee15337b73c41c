FROM debian:bookworm-slim
HEALTHCHECK --interval=5s CMD curl -f http://localhost/
HEALTHCHECK NONE
