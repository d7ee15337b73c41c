FROM ruby:3.3
RUN gem install bundler
RUN gem install pg
