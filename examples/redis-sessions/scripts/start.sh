#!/bin/sh
# Starts Redis, waits until it answers, and loads what every session starts with.
set -e
redis-server /etc/redis.conf &
until redis-cli ping >/dev/null 2>&1; do sleep 0.1; done
python3 /opt/sessions/scripts/defaults.py | redis-cli >/dev/null
wait
