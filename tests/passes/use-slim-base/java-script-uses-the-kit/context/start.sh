#!/bin/sh
java -jar /app.jar &
jcmd $! VM.flags
wait
