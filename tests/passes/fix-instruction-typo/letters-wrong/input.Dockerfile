FROM debian:bookworm-slim
MANTAINER me
RN2 = 3
