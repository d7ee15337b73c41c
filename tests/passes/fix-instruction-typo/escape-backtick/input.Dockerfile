# escape=`
FROM debian:bookworm-slim
RUM echo `
  a
