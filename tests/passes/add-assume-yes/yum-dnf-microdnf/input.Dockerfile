FROM fedora:40
RUN dnf install git && yum update && microdnf install jq
