FROM debian:bookworm-slim
RUN DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata
RUN touch /z
