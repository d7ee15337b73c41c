FROM golang:1.22 AS build
RUN a
RUN b
FROM debian:bookworm-slim
COPY --from=build /x /x
RUN c
RUN d
