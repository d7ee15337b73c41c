FROM python:3.12-slim
COPY app.py /app.py
ENV LD_PRELOAD=libjemalloc.so.2
CMD ["python", "/app.py"]
