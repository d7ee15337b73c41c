FROM debian:bookworm-slim
ENV A one\ word
ENV B a\b c
ENV C a\"b c
ENV D a\\b c
ENV E a\$b c
ENV F "a\nb" c
