FROM python:3.12-slim
RUN pip3 install a && pip3.12 install b && python -m pip install c && /opt/venv/bin/pip install d
