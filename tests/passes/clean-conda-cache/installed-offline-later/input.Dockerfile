FROM continuumio/miniconda3
RUN conda install -y numpy
COPY a /b
RUN conda create -n x --offline -y numpy && conda clean -afy
