FROM debian:bookworm-slim
ENV A "one word"
ENV B 'one word'
ENV C say "hello world" twice
ENV D -Da='b "c" $d' -De
ENV E it\'s fine
ENV F "a""b" c
