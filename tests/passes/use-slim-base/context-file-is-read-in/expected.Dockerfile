FROM python:3.12-slim
COPY app.py /app.py
RUN . /etc/build.env && echo "$NAME"
CMD ["python", "/app.py"]
