FROM debian:bookworm-slim AS one
RUN echo a \

    b
FROM one
RUN echo c \

    d
