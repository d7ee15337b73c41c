FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y build-essential && rm -rf /var/lib/apt/lists/*
COPY . /src
WORKDIR /src
RUN ./configure && make && ./gradlew build && /opt/venv/bin/pip install --no-cache-dir x
RUN bash -c "make all"
