FROM debian:bookworm-slim
RUN useradd app
COPY app.conf /etc/app/app.conf
RUN chown app:app /etc/app/app.conf
