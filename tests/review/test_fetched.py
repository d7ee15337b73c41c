"""``suggest --fetch``: the Dockerfiles come from the service, and nothing of the pull request is on disk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dockeropt import api
from tests.review.conftest import Suggest
from tests.review.fakes import Fake, GitHub, GitLab
from tests.review.kit import branch, clicked_on_github, clicked_on_gitlab
from tests.review.test_send import AFTER, BEFORE, service, token, words

__all__ = ["service", "token"]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Give a folder that holds nothing of the pull request."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def proposed(kind: type[GitHub | GitLab], folder: Path, files: dict[str, str]) -> GitHub | GitLab:
    """Return a service whose pull request makes these files of :data:`BEFORE`."""
    fake = kind(branch(folder, dict.fromkeys(files, BEFORE), files))
    fake.contents = {path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}
    return fake


def clicked(fake: Fake, text: str, path: str) -> str:
    """Return a file after all suggestions that were sent."""
    if isinstance(fake, GitHub):
        return clicked_on_github(text, path, fake.comments)
    return clicked_on_gitlab(text, path, fake.bodies)


def test_a_click_on_each_gives_the_fixed_file(
    service: type[GitHub | GitLab], tmp_path: Path, empty: Path, suggest: Suggest
) -> None:
    files = {"app/Dockerfile": AFTER, "näme 100%20?#.dockerfile": f"{AFTER}EXPOSE 80\n", "notes.txt": AFTER}
    with proposed(service, tmp_path / "repository", files) as fake:
        done = suggest(empty, *words(fake), "--fetch")
    assert done.code == 0, done.err
    for path, text in list(files.items())[:2]:
        assert clicked(fake, text, path) == api.fix_str(text).fixed != text
    assert clicked(fake, AFTER, "notes.txt") == AFTER
    assert list(empty.iterdir()) == []


def test_what_lies_in_the_folder_is_not_what_is_proposed(
    service: type[GitHub | GitLab], tmp_path: Path, empty: Path, suggest: Suggest
) -> None:
    """A link, a configuration of the pull request and another Dockerfile change nothing."""
    (empty / "real").mkdir()
    (empty / "app").symlink_to("real")
    (empty / "real" / "Dockerfile").write_text("FROM other\n")
    files = {"app/Dockerfile": AFTER, "app/dockeropt.toml": 'select = ["merge-runs"]\n'}
    with proposed(service, tmp_path / "repository", files) as fake:
        assert suggest(empty, *words(fake), "--fetch", isolated=False).code == 0
    assert clicked(fake, AFTER, "app/Dockerfile") == api.fix_str(AFTER).fixed


def test_the_configuration_of_the_checkout_counts(tmp_path: Path, empty: Path, suggest: Suggest) -> None:
    (empty / "dockeropt.toml").write_text(
        'select = ["fix-key-value-format"]\nextend-exclude = ["old"]\ncontext = "."\n'
    )
    files = {"Dockerfile": AFTER, "old/Dockerfile": AFTER}
    with proposed(GitHub, tmp_path / "repository", files) as fake:
        done = suggest(empty, *words(fake), "--fetch", isolated=False)
    assert "Sent 1 suggestion for 1 fix" in done.err
    assert not [path for _, path in fake.requests if "old" in path]


def test_the_checkout_is_no_build_context(
    tmp_path: Path, empty: Path, suggest: Suggest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies here is not what the pull request builds with, so it is not even looked at."""
    (empty / "dockeropt.toml").write_text('context = "."\n')
    looked: list[str] = []
    monkeypatch.setattr("dockeropt.project.directory.Directory", lambda place, **_: looked.append(place))
    with proposed(GitHub, tmp_path / "repository", {"Dockerfile": AFTER}) as fake:
        done = suggest(empty, *words(fake), "--fetch", isolated=False)
    assert "Sent 3 suggestions for 4 fixes" in done.err
    assert looked == []


def test_paths_are_those_of_the_repository(tmp_path: Path, empty: Path, suggest: Suggest) -> None:
    files = {"a/Dockerfile": AFTER, "b/build.txt": AFTER, "c/Dockerfile": AFTER}
    with proposed(GitHub, tmp_path / "repository", files) as fake:
        done = suggest(empty, *words(fake), "--fetch", "--dry-run", "./a/", "b/build.txt")
        (request,) = json.loads(done.out)["requests"]
        assert {comment["path"] for comment in request["body"]["comments"]} == {"a/Dockerfile", "b/build.txt"}
        done = suggest(empty, *words(fake), "--fetch", "d")
    assert done.code == 2
    assert "d: the pull request changes nothing there" in done.err


def test_a_file_that_the_service_does_not_give_stops_no_other(
    service: type[GitHub | GitLab], tmp_path: Path, empty: Path, suggest: Suggest
) -> None:
    names = ("binary", "gone", "good", "large")
    files = {f"{name}/Dockerfile": AFTER for name in names}
    with proposed(service, tmp_path / "repository", files) as fake:
        del fake.contents["gone/Dockerfile"]
        fake.contents["binary/Dockerfile"] = b"FROM a\0\n"
        fake.contents["large/Dockerfile"] = AFTER.encode() + b"#" * 1_000_001
        done = suggest(empty, *words(fake), "--fetch")
    assert done.code == 2
    assert "gone/Dockerfile: the service does not show it" in done.err
    assert "large/Dockerfile: the service does not give its text" in done.err
    assert "binary/Dockerfile:1: binary file" in done.err
    assert clicked(fake, AFTER, "good/Dockerfile") == api.fix_str(AFTER).fixed


def test_another_text_than_the_diff_is_about_gets_no_suggestion(
    tmp_path: Path, empty: Path, suggest: Suggest
) -> None:
    with GitHub(branch(tmp_path / "repository", {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})) as fake:
        fake.contents["Dockerfile"] = b"# another\n" + AFTER.encode()
        assert suggest(empty, *words(fake), "--fetch").code == 0
    assert fake.comments == []
    (review,) = fake.reviews
    assert "Dockerfile" in review["body"]


@pytest.mark.parametrize("other", [("--base", "main"), ("--diff", "-"), ("--staged",), ("--context", ".")])
def test_what_needs_a_checkout_is_refused(other: tuple[str, ...], empty: Path, suggest: Suggest) -> None:
    done = suggest(empty, "--fetch", *other, "--provider", "github", "--repo", "a/b", "--pull", "1")
    assert done.code == 2
    assert f"--fetch and {other[0]} exclude each other" in done.err
