FROM debian:bookworm-slim
WORKDIR /srv
# greet.sh writes its greeting as JSON
RUN apt-get update
RUN apt-get install -y jq
ENV GREETING Hello
ADD greet.sh .
RUN chmod +x greet.sh
CMD ["sh", "greet.sh"]
