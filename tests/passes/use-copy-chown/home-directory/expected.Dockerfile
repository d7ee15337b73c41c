FROM ubuntu:24.04
RUN useradd -m -s /bin/bash app
COPY --chown=app:app . /home/app
USER app
