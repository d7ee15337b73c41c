FROM python:3.12-slim
RUN pip install --no-cache-dir flask
COPY app.py /app/
RUN rm -rf /root/.cache; mkdir -p /root/.cache/app && rm -r /tmp/.cached || true
RUN rm -r /root/.cache-of-mine
