FROM python:3.12
RUN pip install uwsgi
RUN gcc -o /usr/bin/tool /src/tool.c
