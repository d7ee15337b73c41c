FROM debian:bookworm-slim
RUN apt-get update -o Dir::Etc::sourcelist=x.list && apt-get install -y curl && apt-get update && apt-get install -y git
