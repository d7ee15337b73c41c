FROM continuumio/miniconda3
RUN <<EOF
set -e
conda install -y numpy
EOF
