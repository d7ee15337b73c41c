FROM node:8
RUN git clone https://example.org/app.git
