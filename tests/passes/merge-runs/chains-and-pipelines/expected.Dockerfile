FROM debian:bookworm-slim
RUN ( mkdir /a && cd / ) \
    && ls / | sort > /list && cat /list
