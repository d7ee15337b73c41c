FROM example/app
RUN touch /a &> /log
RUN touch /b
