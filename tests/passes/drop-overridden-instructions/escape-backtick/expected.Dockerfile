# escape=`
FROM debian:bookworm-slim
CMD echo `
    new
