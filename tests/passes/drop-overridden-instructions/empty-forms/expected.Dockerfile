FROM scratch
ENTRYPOINT []
COPY server /server
CMD ["/server"]
