FROM debian:bookworm-slim
# dockeropt: ignore=merge-runs
RUN touch /a
RUN touch /b
