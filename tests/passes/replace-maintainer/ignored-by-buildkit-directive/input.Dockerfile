# check=skip=MaintainerDeprecated;error=true
FROM alpine:3.20
MAINTAINER Jane
