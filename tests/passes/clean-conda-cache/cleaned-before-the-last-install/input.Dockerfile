FROM continuumio/miniconda3
RUN conda install -y numpy && conda clean -afy && conda install -y scipy
