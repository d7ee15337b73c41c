FROM debian:bookworm-slim
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN touch /a && touch /b
RUN touch /c; touch /d
RUN touch /e
