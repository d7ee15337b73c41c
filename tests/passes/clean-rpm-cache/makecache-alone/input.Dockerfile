FROM centos:7
RUN yum makecache && yum check-update; true
