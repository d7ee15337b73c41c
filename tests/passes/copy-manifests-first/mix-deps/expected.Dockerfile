FROM elixir:1.17
WORKDIR /app
COPY mix.exs mix.lock ./
RUN mix deps.get --only prod --check-locked
COPY . .
RUN mix compile
