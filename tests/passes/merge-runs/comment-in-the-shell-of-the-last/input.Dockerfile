FROM debian:bookworm-slim
RUN touch /a
RUN touch /b `# the second`
