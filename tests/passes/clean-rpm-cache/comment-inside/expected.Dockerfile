FROM fedora:41
RUN dnf install -y \
    # version control
    git \
    # downloads
    curl \
    && dnf clean all
