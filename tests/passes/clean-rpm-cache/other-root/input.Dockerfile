FROM registry.access.redhat.com/ubi9/ubi AS micro
RUN dnf install -y --installroot /mnt/rootfs --releasever 9 coreutils-single
