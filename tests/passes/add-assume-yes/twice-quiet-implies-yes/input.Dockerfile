FROM debian:bookworm
RUN apt-get update && apt-get install -qq curl && apt-get install -q=2 git
