FROM debian:bookworm-slim
RUN test -e /x && exit 0; touch /x
RUN exec touch /y
RUN touch /z
