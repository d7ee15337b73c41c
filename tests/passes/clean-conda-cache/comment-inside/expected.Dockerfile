FROM continuumio/miniconda3
RUN conda install -y \
    # arrays
    numpy \
    && conda clean -afy
