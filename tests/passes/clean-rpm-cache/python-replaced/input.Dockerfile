FROM centos:7
RUN yum install -y python36 && ln -sf /usr/bin/python3.6 /usr/bin/python
