FROM alpine:3.20 AS one
COPY <<a.txt /b.txt
hello
a.txt
FROM one
COPY --from=one /c.txt /
ADD https://example.org/d.txt /
COPY e.txt /
