FROM debian:bookworm
RUN bash -c "apt update"
