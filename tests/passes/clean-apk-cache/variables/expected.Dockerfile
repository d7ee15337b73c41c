FROM alpine:3.20
ARG PACKAGES
RUN apk add --no-cache $PACKAGES ${MORE:-git}
