FROM debian:bookworm-slim
RUN touch /a
RUN touch /b; touch /c \
    # done
    ;
