FROM fedora:41
ONBUILD RUN dnf -y update
