FROM centos:7
RUN yum install -y \
	git \
	wget && \
	echo done && \
	yum clean all
