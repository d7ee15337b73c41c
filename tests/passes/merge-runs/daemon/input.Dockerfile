FROM debian:bookworm-slim
RUN service mysql start && mysql < x.sql
RUN b
