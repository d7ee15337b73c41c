FROM centos:7
RUN useradd app
USER app
RUN sudo yum install -y git && sudo yum clean all
