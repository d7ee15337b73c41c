FROM debian:bookworm-slim
RUN touch /a
SHELL ["/bin/bash", "-c"]
RUN touch /b
