FROM debian:bookworm-slim
RUN touch /a
# b
RUN touch /b; touch /c
