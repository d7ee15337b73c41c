FROM fedora:41
# hadolint ignore=DL3040
RUN dnf install -y git
