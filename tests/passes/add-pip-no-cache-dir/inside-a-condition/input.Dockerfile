FROM python:3.12-slim
ARG DEV
RUN if [ "$DEV" ]; then pip install pytest; fi
