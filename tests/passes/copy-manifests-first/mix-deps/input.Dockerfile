FROM elixir:1.17
WORKDIR /app
COPY . .
RUN mix deps.get --only prod --check-locked
RUN mix compile
