FROM    postgres:16
COPY pg_hba.conf /etc/postgresql/
COPY init.sh /docker-entrypoint-initdb.d/
COPY    postgresql.conf /etc/postgresql/
COPY	seed.sql /docker-entrypoint-initdb.d/
