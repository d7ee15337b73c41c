FROM centos:7
RUN yum install -y epel-release && yum clean all
COPY x.repo /etc/yum.repos.d/
RUN yum install -y git && yum clean all
