FROM debian:bookworm-slim
RUN a

# why b

RUN b
