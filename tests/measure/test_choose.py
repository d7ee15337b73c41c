"""Which engine is taken, and what is said when none can be."""

from pathlib import Path

import pytest

from dockeropt.measure import docker
from dockeropt.measure.choose import choose_engine
from dockeropt.measure.engine import EngineProblem
from tests.measure.fake_programs import DOCKER, Programs


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    return Programs(folder)


PODMAN = 'print("4.3.1 1.28.2")\n'


def test_nothing_is_installed(programs: Programs) -> None:
    with pytest.raises(EngineProblem) as caught:
        choose_engine()
    assert caught.value.message == (
        "no container engine can be used: docker: not installed; podman: not installed; "
        "buildah: not installed"
    )
    assert "DOCKER_HOST" in caught.value.hint


def test_a_daemon_that_refuses_is_named_with_its_reason(programs: Programs) -> None:
    programs.add("docker", 'print("Cannot connect to the Docker daemon.", file=sys.stderr)\nsys.exit(1)\n')
    with pytest.raises(EngineProblem, match=r"unix:///nowhere/docker\.sock does not answer \(Cannot connect"):
        choose_engine("docker")


def test_a_daemon_that_hangs_is_given_up(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "PATIENCE", 0.5)
    programs.add("docker", "time.sleep(60)\n")
    programs.add("podman", PODMAN)
    assert choose_engine().name == "podman"
    with pytest.raises(EngineProblem, match="does not answer within"):
        choose_engine("docker")


def test_docker_without_buildx(programs: Programs) -> None:
    programs.add("docker", 'if args[0] == "version":\n    print("20.10.24")\nelse:\n    sys.exit(1)\n')
    with pytest.raises(EngineProblem, match="docker has no buildx"):
        choose_engine("docker")


def test_docker_comes_first(programs: Programs) -> None:
    programs.add("docker", DOCKER)
    programs.add("podman", PODMAN)
    engine = choose_engine()
    assert (engine.name, engine.version) == ("docker", "26.1.5")


def test_buildah_needs_podman(programs: Programs) -> None:
    programs.add("buildah", 'print("buildah version 1.28.2 (image-spec 1.0.2)")\n')
    with pytest.raises(EngineProblem, match="podman, which reads and runs its images"):
        choose_engine("buildah")
    programs.add("podman", PODMAN)
    engine = choose_engine("buildah")
    assert (engine.name, engine.version) == ("buildah", "1.28.2")


def test_a_builder_of_its_own_is_not_judged_by_the_daemon(programs: Programs) -> None:
    text = "FROM a\nCOPY --exclude=x . /\n"
    programs.add("docker", DOCKER)
    assert choose_engine("docker").lacks(text)
    programs.add("docker", DOCKER.replace("Driver: docker", "Driver: kubernetes"))
    assert not choose_engine("docker", ("--builder", "farm")).lacks(text)
    assert ["docker", "buildx", "inspect", "farm"] in programs.calls()


def test_an_unknown_name(programs: Programs) -> None:
    with pytest.raises(EngineProblem, match="no engine kaniko"):
        choose_engine("kaniko")
