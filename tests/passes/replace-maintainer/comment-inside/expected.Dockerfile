FROM alpine:3.20
# above
LABEL org.opencontainers.image.authors="Jane Doe \
  # she knows
  <jane@example.org>"
# below
