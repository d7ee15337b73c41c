FROM fedora:41
RUN echo "dnf install -y git" && printf '%s' 'yum install x'
