FROM ruby:3.3
WORKDIR /app
COPY Gemfile* ./
RUN gem install bundler
ENV BUNDLE_FROZEN=true
RUN bundle install
COPY . ./
