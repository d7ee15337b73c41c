FROM debian:bookworm
RUN ["apt", "update"]
