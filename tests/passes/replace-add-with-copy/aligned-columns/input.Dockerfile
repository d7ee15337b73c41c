FROM    postgres:16
COPY pg_hba.conf /etc/postgresql/
ADD  init.sh /docker-entrypoint-initdb.d/
ADD     postgresql.conf /etc/postgresql/
ADD	seed.sql /docker-entrypoint-initdb.d/
