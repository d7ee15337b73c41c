FROM nginx:1.27
COPY conf/default.conf /etc/nginx/conf.d/
COPY index.html /usr/share/nginx/html/
