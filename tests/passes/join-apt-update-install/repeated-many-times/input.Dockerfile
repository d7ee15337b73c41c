FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y p1 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p2 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p3 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p4 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p5 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p6 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p7 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p8 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p9 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p10 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p11 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p12 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p13 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p14 && rm -rf /var/lib/apt/lists/* \
    && apt-get update && apt-get install -y p15 && rm -rf /var/lib/apt/lists/*
