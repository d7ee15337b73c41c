FROM php:8.3-apache

LABEL maintainer="Shop Team <shop@example.org>"

RUN apt-get update && \
    apt-get install -y --no-install-recommends \
      libzip-dev \
      # thumbnails are made with gd
      libpng-dev \
      unzip && \
    docker-php-ext-install zip gd pdo_mysql && \
    a2enmod rewrite && \
    rm -rf /var/lib/apt/lists/*

COPY --chown=www-data:www-data . /var/www/html
RUN chown www-data:www-data /var/www/html
EXPOSE 80
