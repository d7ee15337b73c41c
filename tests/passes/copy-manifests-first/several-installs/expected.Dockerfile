FROM python:3.12
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY requirements-dev.txt ./
RUN pip install -r requirements-dev.txt
COPY docs/requirements.txt docs/
RUN cd docs && pip install -r requirements.txt
COPY . .
