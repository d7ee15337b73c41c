FROM debian:bookworm
RUN if [ -n "$DEV" ]; then apt-get install -y gdb; fi
