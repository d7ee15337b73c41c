FROM debian:bookworm-slim
RUN touch /a \
    && mv /a /b
RUN touch /c
COPY x /x
RUN touch /d
RUN touch /e
COPY y /y
RUN apt-get update && apt-get install -y gcc \
    && apt-get purge -y gcc
