FROM debian:bookworm-slim
ENV OPTS="-Xmx1g -server"
LABEL maintainer="Jane Doe <jane@example.org>"
ENV NOTE="a  b	c"
ENV EDITOR="vi # the best"
