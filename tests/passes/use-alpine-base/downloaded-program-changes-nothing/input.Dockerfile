FROM python:3.12
RUN curl -LO https://example.org/tool-linux-amd64.tar.gz
