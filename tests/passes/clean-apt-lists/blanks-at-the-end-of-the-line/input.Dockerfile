FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends freetds-dev freetds-bin libaio1 tzdata  

RUN apt-get update && apt-get install -y --no-install-recommends curl 	
