FROM debian:bookworm-slim
RUN mkdir /a && cd /
RUN ls / | sort > /list && cat /list
