FROM fedora:41
ARG PACKAGES
RUN dnf install -y $PACKAGES
