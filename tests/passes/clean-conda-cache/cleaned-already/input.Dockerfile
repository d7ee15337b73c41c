FROM continuumio/miniconda3
RUN conda install -y numpy && conda clean -afy
RUN conda install -y scipy && conda clean --all -y && rm -rf /opt/conda/pkgs
