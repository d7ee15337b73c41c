FROM alpine:3.20
# not here
COPY \
    # the second one
    a.txt b.txt \
    /x/
