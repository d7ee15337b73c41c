FROM python:3.12-slim
RUN --mount=type=bind,source=requirements.txt,target=/r.txt pip install -r /r.txt
