FROM centos:7
RUN yum install -y git && rpm -e --nodeps python-libs python
