FROM debian:bookworm
RUN apt list --installed && apt search curl && apt show curl
