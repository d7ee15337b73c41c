FROM python:3.12
COPY app.py /app.py
RUN ln -s /usr/lib/x86_64-linux-gnu/libxml2.so.2 /app.so
CMD ["python", "/app.py"]
