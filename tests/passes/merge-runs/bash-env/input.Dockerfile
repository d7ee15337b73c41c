FROM debian:bookworm-slim
ENV BASH_ENV=/env.sh
RUN touch /a
RUN touch /b
