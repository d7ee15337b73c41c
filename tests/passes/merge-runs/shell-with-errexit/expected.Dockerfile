FROM debian:bookworm-slim
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN touch /a && touch /b \
    && { touch /c; touch /d; }
RUN touch /e
