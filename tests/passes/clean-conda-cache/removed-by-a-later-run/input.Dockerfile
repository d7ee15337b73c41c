FROM continuumio/miniconda3
RUN conda install -y numpy
COPY app.py /app/
RUN rm -r /opt/conda/pkgs/*
