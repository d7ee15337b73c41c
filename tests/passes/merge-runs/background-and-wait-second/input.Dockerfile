FROM debian:bookworm-slim
RUN touch /a
RUN sleep 1 & wait
