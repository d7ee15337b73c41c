FROM python:3.12-slim
WORKDIR /app

# the application
COPY . .

# its dependencies
RUN pip install \
    # pinned
    -r requirements.txt

# how to start
CMD ["python", "app.py"]
