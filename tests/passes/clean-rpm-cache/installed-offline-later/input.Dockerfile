FROM fedora:40
RUN dnf install -y git
COPY a /b
RUN dnf -C install -y vim && dnf clean all
