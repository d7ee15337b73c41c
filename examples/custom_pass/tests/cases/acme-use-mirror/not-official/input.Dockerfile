ARG IMAGE=python:3
FROM ghcr.io/acme/base:1 AS build
FROM build AS more
FROM ${IMAGE}
FROM scratch
