FROM python:3.12
RUN pip install torch
CMD ["python", "app.py"]
