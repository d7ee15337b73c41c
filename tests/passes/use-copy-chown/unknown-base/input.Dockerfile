FROM example.org/team/base:3
COPY . /app
RUN chown -R app:app /app
