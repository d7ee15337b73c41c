FROM debian:bookworm
RUN if [ -n "$DEV" ]; then apt install -y gdb; fi
