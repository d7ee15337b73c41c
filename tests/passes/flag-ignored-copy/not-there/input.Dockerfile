FROM alpine:3.20
COPY nothing /etc/app/
COPY missing*.json /etc/app/
ADD src/*.py /app/
ADD https://example.org/a /a
COPY --from=0 /b /b
