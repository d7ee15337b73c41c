FROM python:3.12
RUN ./configure && make && make install
