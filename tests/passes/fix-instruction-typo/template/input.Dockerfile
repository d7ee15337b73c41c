FROM debian:bookworm-slim
{{ if eq .variant "slim" }}
RUM echo
{{ end }}
