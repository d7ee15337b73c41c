FROM centos:8
RUN yum install -y git && yum clean all
RUN dnf install -y git && dnf -y clean all && rm -rf /var/cache/dnf
RUN yum install -y git && rm -rf /var/cache/yum
RUN dnf install -y git && yum clean all
RUN dnf install -y git && rm -rf /var/cache/* /tmp/*
RUN dnf install -y git && find /var/cache -type f -delete
RUN dnf install -y git; yum clean metadata
RUN yum install -y git && /usr/local/bin/cleanup.sh
