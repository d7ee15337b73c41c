# escape=`
FROM debian:bookworm-slim
CMD echo `
    old
CMD echo `
    new
