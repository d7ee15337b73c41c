FROM oraclelinux:8
RUN yum install -y git
