"""Random diffs of real Dockerfiles: every payload is accepted, nothing is dropped, a click is exact.

``DOCKEROPT_PROJECTS=folder pytest tests/review/test_many.py`` does the same with branches of real projects,
context included; ``DOCKEROPT_REVIEWS=n`` says with how many (100 by default), ``DOCKEROPT_SEED`` with which.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dockeropt import api
from dockeropt.config import Options
from dockeropt.discovery import DEFAULT_EXCLUDE, is_excluded
from dockeropt.results import FixResult
from dockeropt.review.changed import again_of
from dockeropt.review.hunks import FileDiff, read_diff
from dockeropt.review.pieces import Piece
from dockeropt.review.suggestions import Review, review_of, with_pieces
from tests.review.conftest import Suggest
from tests.review.fakes import TOKEN, GitHub, GitLab
from tests.review.kit import branch, clicked, clicked_on_github, clicked_on_gitlab, earlier, git

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(
    path for path in (ROOT / "examples").rglob("*") if path.is_file() and path.name.endswith("Dockerfile")
)
PROJECTS = os.environ.get("DOCKEROPT_PROJECTS", "")
REVIEWS = int(os.environ.get("DOCKEROPT_REVIEWS", "100"))
SEED = int(os.environ.get("DOCKEROPT_SEED", "1"))


def pieces(review: Review) -> tuple[list[Piece], list[Piece]]:
    """Return what is suggested and what is not, in one form."""
    suggested = [Piece(one.first, one.last, one.text, one.fixes) for one in review.suggestions]
    return suggested, [one.piece for one in review.remainder]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(ROOT / "examples").as_posix())
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_suggestions_and_remainder_are_the_fixed_file(path: Path, unsafe: bool, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    options = Options(unsafe_fixes=unsafe)
    result = api.fix_str(text, options=options, path="Dockerfile")
    for seed in range(2):
        before = earlier(text, random.Random(f"{seed} {path.name}"))
        diff = read_diff(branch(tmp_path / str(seed), {"Dockerfile": before}, {"Dockerfile": text}))
        review = exact(text, result, diff.get("Dockerfile"), options)
        for piece in pieces(review)[0]:  # each may be clicked alone: the rest follows in the next run
            alone = api.fix_str(with_pieces(text, [piece]), options=options, path="Dockerfile")
            assert not alone.problems
            assert alone.fixed == result.fixed


def exact(text: str, result: FixResult, diff: FileDiff | None, options: Options) -> Review:
    """Check that suggestions and remainder together are the whole change, and a click does its part."""
    review = review_of(result, "Dockerfile", diff, again_of(result, options))
    suggested, left = pieces(review)
    assert review.fixes == sum(len(step.fixes) for step in result.steps)
    assert with_pieces(text, suggested + left) == result.fixed
    by_hand = clicked(text, [(one.first, one.last, list(one.lines)) for one in review.suggestions])
    assert by_hand == with_pieces(text, suggested)
    return review


def both(folder: Path, diff: str, texts: dict[str, str], suggest: Suggest, *words: str) -> Counter[str]:
    """Send the review of a branch to both fakes, and check all that can be checked."""
    counts: Counter[str] = Counter()
    where = ("--token-env", "MY_TOKEN", *words)
    for provider, fake in (("github", GitHub(diff)), ("gitlab", GitLab(diff))):
        repo = (
            ("--repo", "octo/app", "--pull", "7")
            if provider == "github"
            else ("--repo", "group/app", "--merge-request", "7")
        )
        with fake:
            target = ("--provider", provider, *repo, "--api-url", fake.url, *where)
            done = suggest(folder, "--dry-run", *target, "--patch-file", "left.patch")
            assert done.code in {0, 4}, done.err
            planned = json.loads(done.out)
            done = suggest(folder, *target, "--max-comments", "999", "--patch-file", "left.patch")
            assert done.code in {0, 4}, done.err
            summary = planned["summary"]
            assert summary["suggested"] + summary["remainder"] == summary["fixes"]
            if isinstance(fake, GitHub):
                sent: list[dict[str, Any]] = fake.comments
                assert len(fake.bodies) <= 1, "GitHub did not accept the review at once"
                if summary["suggestions"] < 30:
                    assert [request["body"] for request in planned["requests"]] == fake.bodies
            else:
                sent = [body for body in fake.bodies if "position" in body]
                assert len(fake.discussions) == len(fake.bodies), "GitLab did not accept a discussion"
        left = (folder / "left.patch").read_bytes()
        if left:
            git(folder, "apply", "--check", "left.patch")
        for path, text in texts.items():
            click = clicked_on_github if provider == "github" else clicked_on_gitlab
            after = click(text, path, sent)
            if is_excluded(str(folder / path), str(folder), DEFAULT_EXCLUDE):
                assert after == text, path  # nobody asked to look into folders of others
            elif not summary["remainder"]:
                target_text = fixed_here(folder, path, words)
                assert after == target_text, path
                counts[f"{provider}: files exact"] += 1
        counts += Counter(
            {
                f"{provider}: {name}": summary[name]
                for name in ("fixes", "suggested", "suggestions", "remainder")
            }
        )
        counts[f"{provider}: reviews"] += 1
    return counts


def fixed_here(folder: Path, path: str, words: tuple[str, ...]) -> str:
    """Return what ``fix`` makes of a file."""
    options = Options(
        unsafe_fixes="--unsafe" in words,
        context=words[words.index("--context") + 1] if "--context" in words else "",
    )
    here = Path.cwd()
    os.chdir(folder)
    try:
        return api.fix_file(path, options=options).fixed
    finally:
        os.chdir(here)


@pytest.mark.parametrize("seed", range(6))
def test_both_services_accept_what_is_sent(
    seed: int, tmp_path: Path, suggest: Suggest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    rng = random.Random(seed)
    texts = {
        f"{name}/Dockerfile": path.read_text("utf-8")
        for name, path in zip(("a", "b c", "d/naïve"), rng.sample(EXAMPLES, 3), strict=True)
    }
    before = {path: earlier(text, rng) for path, text in texts.items()}
    diff = branch(tmp_path, before, texts)
    counts = both(tmp_path, diff, texts, suggest, *(("--unsafe",) if seed % 2 else ()))
    assert counts["github: fixes"] > 0


def is_dockerfile(path: Path) -> bool:
    name = path.name.lower()
    return (
        name in {"dockerfile", "containerfile"}
        or name.startswith("dockerfile.")
        or name.endswith(".dockerfile")
    )


@pytest.mark.corpus
@pytest.mark.skipif(not PROJECTS, reason="DOCKEROPT_PROJECTS names no folder of projects")
def test_branches_of_real_projects(tmp_path: Path, suggest: Suggest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    rng = random.Random(SEED)
    totals: Counter[str] = Counter()
    projects = [folder for folder in sorted(Path(PROJECTS).iterdir()) if folder.is_dir()]
    rng.shuffle(projects)
    for number in range(REVIEWS):
        project = projects[number % len(projects)]
        folder = tmp_path / str(number)
        texts: dict[str, str] = {}
        names = [path for path in sorted(project.rglob("*")) if path.is_file() and is_dockerfile(path)]
        small = sum(1 for _ in project.rglob("*")) < 1500
        for file in rng.sample(names, min(len(names), rng.choice([1, 1, 2, 3]))):
            texts[file.relative_to(project).as_posix()] = file.read_bytes().decode("utf-8", "surrogateescape")
        if small:
            shutil.copytree(project, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        before = {path: earlier(text, rng) for path, text in texts.items()}
        for path, text in before.items():
            if text is None:
                (folder / path).unlink(missing_ok=True)
        diff = branch(folder, before, texts)
        words = ["--unsafe"] if rng.random() < 0.5 else []
        if small and rng.random() < 0.5:
            words += ["--context", "."]
        found = read_diff(diff)
        for path, text in texts.items():
            for unsafe in (False, True):
                options = Options(unsafe_fixes=unsafe)
                result = api.fix_str(text, options=options, path="Dockerfile")
                for one in exact(text, result, found.get(path), options).remainder:
                    totals[f"remainder: {one.reason}"] += len(one.piece.fixes)
        totals += both(folder, diff, texts, suggest, *words)
        shutil.rmtree(folder)
    with suggest.capture.disabled():
        print()
        for name, count in sorted(totals.items()):
            print(f"{name}: {count}")
    assert totals["github: reviews"] == totals["gitlab: reviews"] == REVIEWS
