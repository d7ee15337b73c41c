FROM debian:bookworm-slim AS base
CMD ["base"]
FROM base
CMD ["first"]
FROM base
CMD ["two"]
