FROM centos:7
RUN yum install -y epel-release && yum clean all && yum install -y git && yum clean all
