FROM debian:bookworm-slim
WORKDIR /srv
COPY greet.sh .
CMD ["sh", "greet.sh"]
