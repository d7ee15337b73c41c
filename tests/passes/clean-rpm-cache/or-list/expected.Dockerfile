FROM centos:7
RUN yum install -y git || yum install -y git-core && yum clean all
