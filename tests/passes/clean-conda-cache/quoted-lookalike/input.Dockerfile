FROM continuumio/miniconda3
RUN echo "conda install numpy" && conda info
