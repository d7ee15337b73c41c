FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends freetds-dev freetds-bin libaio1 tzdata \
    && rm -rf /var/lib/apt/lists/*

RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* 	
