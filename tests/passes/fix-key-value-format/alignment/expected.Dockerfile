FROM debian:bookworm-slim
ENV FOO=bar
ENV FOOBAR=baz
