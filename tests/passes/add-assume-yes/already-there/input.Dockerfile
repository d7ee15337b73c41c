FROM debian:bookworm
RUN apt-get update -q && apt-get -qqy install curl && apt-get install --yes git && apt-get --assume-yes install jq
