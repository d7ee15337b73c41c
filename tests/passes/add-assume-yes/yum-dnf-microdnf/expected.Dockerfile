FROM fedora:40
RUN dnf install -y git && yum update -y && microdnf install -y jq
