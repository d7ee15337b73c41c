FROM python:3.12
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN pip install -r requirements-dev.txt
RUN cd docs && pip install -r requirements.txt
