#!/bin/sh
set -e
mkdir -p thumbnails
exec waitress-serve --listen=0.0.0.0:5000 gallery.web:app
