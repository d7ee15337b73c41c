FROM python:3.12 AS build
WORKDIR /src
COPY . .
RUN pip install --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
