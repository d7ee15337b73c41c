#!/bin/sh
set -e
until curl -fs http://db:5984/; do
    sleep 1
done
exec "$@"
