"""Docker and buildah give the same image of the same Dockerfile, seen through our own drivers of both."""

from pathlib import Path

import pytest

from dockeropt.measure.choose import choose_engine
from dockeropt.measure.configs import canonical
from dockeropt.measure.engine import BuildRequest, Image
from dockeropt.measure.tree import Tree, read_tree
from tests.engine.fixtures import NO_PROOF, Engine

pytestmark = pytest.mark.engine

BUILDAHS_OWN = {"/run"}
"""What buildah's RUN leaves in an image, seen with 1.28.2.

Another difference, which these files avoid: a WORKDIR that is not there belongs to root in docker, in
buildah to the owner of the ``COPY --chown`` that comes first.
"""

PLAIN = """FROM busybox
ARG WHO=me
ENV GREETING="hello $WHO" PLAIN=1
WORKDIR /srv/app
RUN mkdir -p data
COPY --chown=12:34 . .
RUN echo "$GREETING" > data/greeting && chmod 2750 data && ln -s data/greeting /link
RUN --mount=type=cache,target=/cache touch /cache/x && rm one.txt
LABEL a="b c"
EXPOSE 80 53/udp
VOLUME /srv/app/data
USER 12:34
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "-c"]
CMD ["echo $PLAIN"]
"""
STAGES = """FROM debian:bookworm-slim AS build
RUN useradd --create-home someone && echo made > /made && chown someone /made
FROM busybox AS other
RUN false
FROM busybox
COPY --from=build --chmod=0640 /made /kept/
COPY --from=build /etc/passwd /kept/
CMD cat /kept/made
"""


def built(name: str, engine: Engine, context: Path, text: str) -> tuple[Image, Tree]:
    """Build with one of our drivers, and return what it says of the image."""
    driver = choose_engine(name)
    assert driver.name == name
    dockerfile = context.parent / f"{name}.Dockerfile"
    dockerfile.write_text(text)
    assert not driver.lacks(text)
    tag = engine.name()
    run = f"{NO_PROOF}{tag[-12:]}"
    outcome = driver.build(BuildRequest(str(context), str(dockerfile), tag, options=engine.options, run=run))
    assert outcome.ok, outcome.output
    with driver.tree(tag) as stream:
        return driver.image(tag), read_tree(stream)


@pytest.mark.parametrize("text", [PLAIN, STAGES], ids=["one-stage", "stages"])
def test_both_make_the_same_image(engine: Engine, buildah: Engine, tmp_path: Path, text: str) -> None:
    engine.needs("busybox", "debian:bookworm-slim")
    context = tmp_path / "context"
    context.mkdir()
    for name in ("one.txt", "two.txt"):
        (context / name).write_text(name)
    (one, files), (two, others) = (
        built("docker", engine, context, text),
        built("buildah", buildah, context, text),
    )
    assert canonical(one.config) == canonical(two.config)
    paths = (files.nodes.keys() | others.nodes.keys()) - BUILDAHS_OWN
    assert {path: files.nodes.get(path) for path in paths} == {path: others.nodes.get(path) for path in paths}


def test_a_step_that_fails_is_named_by_both(engine: Engine, buildah: Engine, tmp_path: Path) -> None:
    engine.needs("busybox")
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM busybox\nRUN true\nRUN echo no such luck; exit 3\n")
    for name, one in {"docker": engine, "buildah": buildah}.items():
        request = BuildRequest(str(tmp_path), str(dockerfile), one.name(), options=one.options)
        outcome = choose_engine(name).build(request)
        assert not outcome.ok
        assert "exit 3" in outcome.failed
        assert "no such luck" in outcome.output
