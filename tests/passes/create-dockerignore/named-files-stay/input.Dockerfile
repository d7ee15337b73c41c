FROM node:20
COPY . /app/
COPY .env Dockerfile /app/
RUN --mount=type=bind,source=.git,target=/g cat /g/HEAD
