FROM ubuntu:24.04
RUN useradd -m -s /bin/bash app
COPY . /home/app
RUN chown -R app:app /home/app
USER app
