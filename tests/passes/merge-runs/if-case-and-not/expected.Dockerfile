FROM debian:bookworm-slim
RUN if [ -e /x ]; then rm /x; fi \
    && case "$(uname -m)" in x86_64) touch /amd64 ;; *) touch /other ;; esac \
    && ! test -e /y
