"""Show a review from end to end, without any service.

A repository with a branch that changes a Dockerfile; ``dockeropt suggest --dry-run`` prints the review; every
suggestion is clicked, as GitHub would do it; the result is compared with what ``dockeropt fix`` makes; and, where
Docker answers, the image is built and run before and after.

    python examples/review-demo/demo.py [--no-build] [--network MODE]

The exit code is 0 when all of that holds.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parent / "project"
DOCKEROPT = (sys.executable, "-m", "dockeropt")


def main() -> int:
    """Run the demo."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-build", action="store_true", help="build no images")
    parser.add_argument("--network", default="", help="the network of the builds, such as host")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_repository(folder)
        step("the review")
        review = json.loads(
            run(folder, *DOCKEROPT, "suggest", "--dry-run", "--base", "main", "--patch-file", "rest.patch")
        )
        comments = review["requests"][0]["body"]["comments"]
        for comment in comments:
            first = comment.get("start_line", comment["line"])
            print(f"{comment['path']}, lines {first} to {comment['line']}:\n{comment['body']}\n")
        step("every suggestion is clicked")
        before = (folder / "Dockerfile").read_text("utf-8")
        fixed = run(folder, *DOCKEROPT, "fix", "--exit-zero", "--quiet", "-", text=before)
        after = click(before, comments)
        if (folder / "rest.patch").stat().st_size:
            raise SystemExit("something has no suggestion")
        (folder / "Dockerfile").write_text(after, "utf-8")
        print(run(folder, "git", "diff"))
        if after != fixed:
            raise SystemExit("the clicks do not give the fixed file")
        print(
            f"{len(comments)} suggestions for {review['summary']['fixes']} fixes give exactly the fixed file"
        )
        if not given.no_build:
            build_both(folder, before, after, given.network)
    step("all green")
    return 0


def step(title: str) -> None:
    """Print a heading."""
    print(f"--- {title}", flush=True)


def run(folder: Path, *words: str, text: str = "") -> str:
    """Run a program in the folder and return what it prints; a failure ends the demo."""
    done = subprocess.run(words, cwd=folder, input=text, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _silent(*words: str) -> int:
    return subprocess.run(words, capture_output=True, check=False).returncode  # noqa: S603


def make_repository(folder: Path) -> None:
    """Commit the project to ``main``, and its change to a branch."""
    git = ("git", "-c", "user.name=Demo", "-c", "user.email=demo@example.org")
    run(folder, *git, "init", "--quiet", "--initial-branch", "main")
    shutil.copy(PROJECT / "greet.sh", folder)
    for name in ("main", "branch"):
        if name == "branch":
            run(folder, *git, "checkout", "--quiet", "-b", name)
        shutil.copy(PROJECT / f"{name}.Dockerfile", folder / "Dockerfile")
        run(folder, *git, "add", "Dockerfile", "greet.sh")
        run(folder, *git, "commit", "--quiet", "--message", name)


def click(text: str, comments: Sequence[dict[str, object]]) -> str:
    """Return the file after all suggestions: each replaces the lines that it is about."""
    lines = text.split("\n")
    for comment in sorted(comments, key=lambda one: -int(str(one["line"]))):
        line = int(str(comment["line"]))
        first = int(str(comment.get("start_line", line)))
        _, _, block = str(comment["body"]).partition("```suggestion\n")
        new, _, _ = ("\n" + block).partition("\n```")
        lines[first - 1 : line] = new.split("\n")[1:]
    return "\n".join(lines)


def build_both(folder: Path, before: str, after: str, network: str) -> None:
    """Build and run the image before and after, where Docker answers."""
    found = shutil.which("docker")
    if found is None or _silent(found, "version"):
        step("no Docker answers: nothing is built")
        return
    options = ("--network", network) if network else ()
    said = []
    for name, text in (("before", before), ("after", after)):
        step(f"build and run {name}")
        tag = f"dockeropt-review-demo:{name}-{os.getpid()}"
        (folder / "Dockerfile").write_text(text, "utf-8")
        try:
            run(folder, found, "build", *options, "--tag", tag, ".")
            said.append(run(folder, found, "run", "--rm", *options, tag))
            size = int(run(folder, found, "image", "inspect", "--format", "{{.Size}}", tag))
            print(f"{said[-1].strip()} ({size / 1e6:.1f} MB)")
        finally:
            _silent(found, "image", "rm", "--force", tag)
    if said[0] != said[1]:
        raise SystemExit("the image answers something else")


if __name__ == "__main__":
    sys.exit(main())
