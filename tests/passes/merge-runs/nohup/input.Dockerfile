FROM debian:bookworm-slim
RUN nohup sh -c 'sleep 9' && touch /a
RUN touch /b
