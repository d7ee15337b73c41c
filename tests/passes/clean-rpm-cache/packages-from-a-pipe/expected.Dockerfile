FROM centos:7
COPY packages.txt /
RUN cat /packages.txt | xargs yum install -y && yum clean all
