FROM python:3.12 AS build
WORKDIR /src
COPY requirements.txt ./
RUN pip install --prefix=/install -r requirements.txt
COPY . .

FROM python:3.12-slim
COPY --from=build /install /usr/local
