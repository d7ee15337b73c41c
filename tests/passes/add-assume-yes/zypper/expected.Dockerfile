FROM opensuse/leap:15
RUN zypper install -y git && zypper -n install jq
