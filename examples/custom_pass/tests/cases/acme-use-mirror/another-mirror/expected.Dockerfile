FROM localhost:5000/library/python:3.13-slim
