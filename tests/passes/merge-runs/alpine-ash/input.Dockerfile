FROM alpine:3.20
RUN [[ -e /x ]] || touch /x
RUN touch /y
