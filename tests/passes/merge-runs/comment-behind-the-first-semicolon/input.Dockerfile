FROM debian:bookworm-slim
RUN touch /b \
    # done
    ;
RUN touch /a
