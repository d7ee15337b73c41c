FROM debian:bookworm-slim
RUN useradd app
RUN touch /a
