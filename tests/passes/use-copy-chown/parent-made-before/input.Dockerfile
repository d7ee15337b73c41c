FROM debian:bookworm-slim
RUN useradd app && mkdir -p /etc/app
COPY app.conf /etc/app/app.conf
RUN chown app:app /etc/app/app.conf
