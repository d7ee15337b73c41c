#!/bin/sh
jq -n --compact-output --arg greeting "$GREETING" '{greeting: $greeting}'
