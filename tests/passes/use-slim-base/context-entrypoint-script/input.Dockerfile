FROM python:3.12
WORKDIR /app
COPY app.py ./
COPY docker/entrypoint.sh /entrypoint.sh
ENTRYPOINT ["/entrypoint.sh"]
CMD ["python", "app.py"]
