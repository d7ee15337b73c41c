FROM debian:bookworm-slim
COPY app /srv/app
RUN <<EOF
useradd app
EOF
RUN chown -R app:app /srv/app
