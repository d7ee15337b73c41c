FROM debian:bookworm-slim
ENV A=1
ENV B="$A ${A} x"
ENV C="${A:-a b}"
ENV D ${A:-"a b"} c
ENV E $A"b" c
ENV F="${X:+$A} ${Y:-${A}}"
