FROM debian:bookworm-slim
RUN ["touch", "/a"]
RUN touch /b
RUN ["/bin/sh", "-c", "touch /c"]
