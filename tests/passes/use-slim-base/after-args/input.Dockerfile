FROM python:3.12
ARG COMMIT
ARG BRANCH=main
RUN git clone --branch $BRANCH https://example.org/app.git /app
