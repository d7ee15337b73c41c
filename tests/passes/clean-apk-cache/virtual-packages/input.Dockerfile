FROM alpine:3.20
RUN apk add --virtual .build-deps gcc musl-dev \
    && gcc --version \
    && apk del .build-deps
