FROM debian:bookworm-slim
RUN cd /srv && make
RUN make install
