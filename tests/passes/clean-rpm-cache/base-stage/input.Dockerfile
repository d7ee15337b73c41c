FROM fedora:41 AS base
RUN dnf install -y git
FROM base
RUN git --version
