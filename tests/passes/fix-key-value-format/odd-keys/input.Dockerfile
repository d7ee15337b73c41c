FROM debian:bookworm-slim
LABEL version: 1.0
LABEL "a" b
ENV $NAME value
