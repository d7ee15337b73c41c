FROM continuumio/miniconda3
RUN conda install -y numpy && conda create -y -n x python=3.11 && conda env create -f e.yml
