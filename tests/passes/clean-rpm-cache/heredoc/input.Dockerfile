# syntax=docker/dockerfile:1
FROM fedora:41
RUN <<EOF
set -e
dnf install -y git
git --version
EOF
