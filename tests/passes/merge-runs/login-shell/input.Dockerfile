FROM debian:bookworm-slim
SHELL ["/bin/bash", "-lc"]
RUN touch /a
RUN touch /b
