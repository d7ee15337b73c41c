# escape=`
FROM debian:bookworm-slim
RUN touch /a `
    && touch /b
RUN touch /c
