FROM scratch
ENTRYPOINT []
CMD []
COPY server /server
CMD ["/server"]
