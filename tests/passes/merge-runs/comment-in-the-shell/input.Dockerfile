FROM debian:bookworm-slim
RUN touch /a # the first
RUN touch /b
