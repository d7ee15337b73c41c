FROM example.org/base:1
WORKDIR /data
RUN useradd app
COPY app /data/app
RUN chown -R app:app /data
