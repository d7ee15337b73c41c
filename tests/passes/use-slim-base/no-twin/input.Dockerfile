FROM ubuntu:22.04
FROM example.org/python:3.12
