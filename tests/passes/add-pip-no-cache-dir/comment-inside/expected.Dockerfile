FROM python:3.12-slim
RUN pip install --no-cache-dir \
    # the framework
    flask \
    gunicorn
