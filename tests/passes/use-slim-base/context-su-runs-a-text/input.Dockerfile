FROM python:3.12
COPY app.py /app.py
RUN useradd app && su app -c "git --version"
CMD ["python", "/app.py"]
