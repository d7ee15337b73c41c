FROM debian:bookworm-slim
RUN touch /a \
    && touch /b
# dockeropt: off
RUN touch /c
RUN touch /d
# dockeropt: on
RUN touch /e \
    && touch /f
