FROM node:20
RUN apt-get update && apt-get install -y git ca-certificates build-essential
RUN git clone https://example.org/app.git && make -C app
