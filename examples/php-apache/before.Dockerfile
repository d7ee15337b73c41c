FROM php:8.3-apache

LABEL maintainer "Shop Team <shop@example.org>"

RUN apt-get update && \
    apt-get install \
      libzip-dev \
      # thumbnails are made with gd
      libpng-dev \
      unzip
RUN docker-php-ext-install zip gd pdo_mysql

RUN a2enmod rewrite

COPY . /var/www/html
RUN chown -R www-data:www-data /var/www/html
EXPOSE 80
