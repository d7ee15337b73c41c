FROM centos:8
RUN yum install -y epel-release && dnf install -y git
