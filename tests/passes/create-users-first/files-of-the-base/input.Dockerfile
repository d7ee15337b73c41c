FROM example.org/base:1
WORKDIR /data
COPY app /data/app
RUN useradd app
RUN chown -R app:app /data
