FROM centos:7
RUN /usr/bin/yum install -y git
