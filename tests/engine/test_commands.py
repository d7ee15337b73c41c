"""Docker as ``dockeropt.measure`` speaks to it: build, look, start, and leave nothing behind."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from dockeropt.measure.choose import choose_engine
from dockeropt.measure.engine import LABEL, BuildRequest, Engine, EngineProblem
from dockeropt.measure.process import checked
from dockeropt.measure.smoketest import run_options
from dockeropt.measure.tree import read_tree
from tests.engine.fixtures import NO_PROOF
from tests.engine.fixtures import Engine as Answering

pytestmark = pytest.mark.engine
TEXT = """\
FROM debian:bookworm-slim AS made
RUN echo one > /one
FROM debian:bookworm-slim
ENV A=1
WORKDIR /srv
COPY --from=made /one /srv/one
RUN echo two > /srv/two
LABEL kind=test
CMD ["sleep", "60"]
"""


@pytest.fixture
def docker(engine: Answering) -> Engine:
    engine.needs("debian:bookworm-slim")
    return choose_engine("docker", engine.options)


@pytest.fixture
def request_(docker: Engine, engine: Answering, tmp_path: Path) -> Iterator[BuildRequest]:
    (tmp_path / "Dockerfile").write_text(TEXT)
    name = f"{NO_PROOF}{uuid4().hex[:12]}"
    request = BuildRequest(
        str(tmp_path),
        str(tmp_path / "Dockerfile"),
        f"dockeropt-test:{name}",
        options=engine.options,
        run=name,
    )
    yield request
    docker.sweep(name)
    mark = f"label={LABEL}={name}"
    assert not checked(["docker", "images", "--quiet", "--filter", mark])
    assert not checked(["docker", "ps", "--all", "--quiet", "--filter", mark])


def test_an_image_is_built_and_read(docker: Engine, request_: BuildRequest) -> None:
    assert docker.build(request_).ok
    again = docker.build(request_)
    assert (again.ran, len(again.steps)) == (0, 4)
    image = docker.image(request_.tag)
    assert image.size == sum(layer.size for layer in image.layers)
    made = [layer.created_by.partition(" ")[0] for layer in image.layers if layer.diff_id][-3:]
    assert made == ["WORKDIR", "COPY", "RUN"]
    with docker.tree(request_.tag) as stream:
        nodes = read_tree(stream).nodes
    assert nodes["/srv/one"].size == nodes["/srv/two"].size == 4
    sizes = docker.compressed(request_.tag, {})
    assert set(sizes) == {layer.diff_id for layer in image.layers if layer.diff_id}
    assert docker.compressed(request_.tag, sizes) == sizes


def test_a_container_runs_and_goes(docker: Engine, request_: BuildRequest) -> None:
    assert docker.build(request_).ok
    options = run_options(request_.options)
    with docker.start(request_.tag, options=options, run=request_.run) as container:
        assert container.state()[0] == "running"
        assert container.exec(("cat", "two"), timeout=20) == (0, "two\n")
        assert container.ports() == frozenset()
        with pytest.raises(TimeoutError):
            container.exec(("sleep", "30"), timeout=0.5)
    with docker.start(request_.tag, command=("sh", "-c", "echo x; exit 7"), options=options) as container:
        for _ in range(100):
            if container.state()[0] == "exited":
                break
        assert container.state()[:2] == ("exited", 7)
        assert container.logs() == "x\n"
    with pytest.raises(EngineProblem), docker.start(request_.tag, command=("/no/such",), options=options):
        pass


def test_a_failing_step_is_shown(docker: Engine, request_: BuildRequest) -> None:
    Path(request_.dockerfile).write_text(f"{TEXT}RUN echo {request_.run} is bad && exit 3\n")
    outcome = docker.build(request_)
    assert not outcome.ok
    assert f"{request_.run} is bad" in outcome.reason
    assert "exit 3" in outcome.failed
