FROM mambaorg/micromamba AS a
RUN micromamba install -y -n base numpy && micromamba clean --all --yes
FROM a
RUN mamba install -y scipy && mamba clean -afy
