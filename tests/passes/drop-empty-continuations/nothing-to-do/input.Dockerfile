FROM debian:bookworm-slim

RUN apt-get update \
    # comment
 && apt-get install -y curl

CMD ["sh"]
