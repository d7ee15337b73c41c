FROM debian:bookworm-slim
RUN touch /a
RUN mv /a /b
RUN touch /c
COPY x /x
RUN touch /d
RUN touch /e
COPY y /y
RUN apt-get update && apt-get install -y gcc
RUN apt-get purge -y gcc
