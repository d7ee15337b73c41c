FROM continuumio/miniconda3
RUN <<EOF
set -e
conda install -y numpy
conda clean -afy
EOF
