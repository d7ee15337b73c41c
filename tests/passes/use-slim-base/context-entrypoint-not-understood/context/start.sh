#!/bin/bash
$LAUNCHER python app.py
