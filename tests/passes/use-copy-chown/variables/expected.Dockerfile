FROM python:3.12-slim
ENV APP_USER=app APP_HOME=/srv/app
RUN useradd "$APP_USER"
WORKDIR $APP_HOME
COPY --chown=${APP_USER}:${APP_USER} . $APP_HOME
RUN chown "${APP_USER}:${APP_USER}" "$APP_HOME"
