FROM python:3.12
WORKDIR /src
COPY . .
RUN pip install --target lib -r requirements.txt
