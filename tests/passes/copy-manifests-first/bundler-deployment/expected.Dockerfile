FROM ruby:3.3
WORKDIR /app
COPY Gemfile Gemfile.lock .ruby-version ./
RUN bundle config set --local deployment true && bundle install
COPY . .
CMD ["bundle", "exec", "rackup"]
