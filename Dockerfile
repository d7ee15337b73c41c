# The image of dockeropt itself: docs/integrations.md says how to use it.
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv --without-pip /opt/dockeropt
COPY pyproject.toml README.md LICENSE ./
COPY dockeropt dockeropt
RUN pip --python /opt/dockeropt/bin/python install --no-cache-dir '.[bake]'

FROM python:3.12-slim
COPY --from=build /opt/dockeropt /opt/dockeropt
ENV PATH=/opt/dockeropt/bin:$PATH
WORKDIR /src
USER 65532:65532
ENTRYPOINT ["dockeropt"]
CMD ["--help"]
