FROM debian:bookworm-slim
RUN trap '' TERM; touch /a
RUN touch /b
