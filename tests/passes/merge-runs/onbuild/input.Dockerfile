FROM debian:bookworm-slim
ONBUILD RUN touch /a
ONBUILD RUN touch /b
