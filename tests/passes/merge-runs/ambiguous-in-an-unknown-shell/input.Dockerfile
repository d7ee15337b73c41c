FROM example.org/unknown
RUN a &> /dev/null
RUN b
