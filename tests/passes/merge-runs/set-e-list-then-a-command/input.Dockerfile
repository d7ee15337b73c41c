FROM debian:bookworm-slim
RUN set -e; touch /a; touch /b
RUN touch /c
