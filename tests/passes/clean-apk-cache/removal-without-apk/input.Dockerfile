FROM example/base
RUN rm -rf /var/cache/apk/*
