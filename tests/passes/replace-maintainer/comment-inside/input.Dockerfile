FROM alpine:3.20
# above
MAINTAINER Jane Doe \
  # she knows
  <jane@example.org>
# below
