FROM debian:12
RUN apt-get update && apt-get install -y $A && apt-get install -y "$B" && apt-get install -y php=$V
