FROM fedora:40
RUN dnf install -y git
COPY app.py /app/
RUN rm -r /var/cache/dnf/*
