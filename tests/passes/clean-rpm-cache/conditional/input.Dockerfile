FROM centos:7
RUN if command -v yum; then yum install -y git; fi
