FROM debian:bookworm-slim
USER app
RUN sudo usermod -aG docker app
RUN touch /tmp/a
