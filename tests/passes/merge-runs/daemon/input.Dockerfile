FROM debian:bookworm-slim
RUN service mysql start && mysql -e 'create database x'
RUN touch /a
