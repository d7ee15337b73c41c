FROM debian:bookworm-slim
RUN set -e; touch /a; for i in x y; do test -e $i; touch $i; done
RUN set -e; touch /c; touch /d
