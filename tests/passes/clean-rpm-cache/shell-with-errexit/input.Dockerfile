FROM fedora:41
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]
RUN dnf install -y git; git --version
