FROM debian:bookworm-slim
RUN make() { touch "$1"; }; make /a
RUN touch /b
