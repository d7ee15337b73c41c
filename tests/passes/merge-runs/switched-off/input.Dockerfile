FROM debian:bookworm-slim
RUN touch /a
RUN touch /b
# dockeropt: off
RUN touch /c
RUN touch /d
# dockeropt: on
RUN touch /e
RUN touch /f
