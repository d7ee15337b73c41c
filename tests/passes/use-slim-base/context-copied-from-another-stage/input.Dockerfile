FROM python:3.12 AS build
RUN pip install --no-cache-dir --prefix=/install flask

FROM python:3.12
COPY --from=build /install /usr/local
COPY app.py /app.py
CMD ["python", "/app.py"]
