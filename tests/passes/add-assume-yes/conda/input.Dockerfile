FROM continuumio/miniconda3
RUN conda install numpy && conda create -n x python=3.11 && conda env create -f e.yml
