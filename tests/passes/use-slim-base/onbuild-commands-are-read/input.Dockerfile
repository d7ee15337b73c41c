FROM node:20
ONBUILD RUN git clone https://example.org/app.git
