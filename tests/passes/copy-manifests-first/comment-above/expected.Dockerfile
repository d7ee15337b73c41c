FROM python:3.12-slim
WORKDIR /app

# its dependencies
COPY requirements.txt ./
RUN pip install \
    # pinned
    -r requirements.txt
# the application
COPY . .

# how to start
CMD ["python", "app.py"]
