FROM debian:bookworm-slim
RUN find / -name x -exec ls {} \;
RUN touch /a
