FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y p1 \
    && apt-get install -y p2 \
    && apt-get install -y p3 \
    && apt-get install -y p4 \
    && apt-get install -y p5 \
    && apt-get install -y p6 \
    && apt-get install -y p7 \
    && apt-get install -y p8 \
    && apt-get install -y p9 \
    && apt-get install -y p10 \
    && apt-get install -y p11 \
    && apt-get install -y p12 \
    && apt-get install -y p13 \
    && apt-get install -y p14 \
    && apt-get install -y p15 && rm -rf /var/lib/apt/lists/*
