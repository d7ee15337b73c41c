FROM continuumio/miniconda3
ONBUILD RUN conda env update -f environment.yml && conda clean -afy
