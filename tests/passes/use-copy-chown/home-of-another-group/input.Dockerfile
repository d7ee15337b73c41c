FROM ubuntu:24.04
RUN useradd -m -g users app
COPY . /home/app
RUN chown -R app:app /home/app
