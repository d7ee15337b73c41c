FROM debian:bookworm-slim AS one
ENV A=b
FROM one
LABEL c=d
