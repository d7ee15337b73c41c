FROM python:3.12-slim
RUN pip install flask
COPY app.py /app/
RUN rm -r /root/.cache
