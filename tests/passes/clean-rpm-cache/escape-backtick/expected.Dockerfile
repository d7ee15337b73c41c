# escape=`
FROM fedora:41
RUN dnf install -y git `
  && git --version `
  && dnf clean all
