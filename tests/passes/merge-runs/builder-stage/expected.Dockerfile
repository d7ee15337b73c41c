FROM golang:1.23 AS builder
RUN go version > /a
RUN go env > /b
FROM debian:bookworm-slim
RUN touch /c \
    && touch /d
COPY --from=builder /a /b /
