FROM node:20
RUN groupadd --gid 1234 web && useradd --create-home --uid 1234 -g web -s /bin/false web
RUN useradd -r worker
USER web
