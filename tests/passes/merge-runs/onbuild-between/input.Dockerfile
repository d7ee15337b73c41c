FROM debian:bookworm-slim
RUN touch /a
ONBUILD RUN touch /b
RUN touch /c
