FROM example.org/team/base:3
COPY --chown=app:app . /app
RUN chown app:app /app
