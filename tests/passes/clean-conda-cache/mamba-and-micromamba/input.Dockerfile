FROM mambaorg/micromamba AS a
RUN micromamba install -y -n base numpy
FROM a
RUN mamba install -y scipy
