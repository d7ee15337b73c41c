FROM fedora:41 AS base
RUN dnf install -y git && dnf clean all
FROM base
RUN git --version
