FROM debian:bookworm-slim
RUN cd /srv \
    && touch f0 \
    && touch f1 \
    && touch f2 \
    && touch f3 \
    && touch f4 \
    && touch f5 \
    && touch f6 \
    && touch f7 \
    && touch f8 \
    && touch f9
RUN touch /a
