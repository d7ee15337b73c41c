"""Measure how long an editor waits: from an edit of a 200-line file to the diagnostics for it.

``python -m tests.bench_server [FILE ...]`` (a part of ``make bench``). A real server process answers
through pipes; times are wall-clock milliseconds, debouncing included. The ratio compares with the same
look in this process, which is what cannot be saved.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from dockeropt import api
from tests.server.kit import Session, with_server

EDITS = 60

BLOCK = """# what the service needs
ENV APP_HOME=/srv/app \\
    LANG=C.UTF-8
RUN apt-get update && apt-get install -y curl libpq5
COPY requirements.txt /srv/app/
RUN pip install -r /srv/app/requirements.txt
RUN mkdir -p /srv/app/logs \\
    && chown app /srv/app/logs
WORKDIR /srv/app
EXPOSE 8000
"""


def text_of(lines: int) -> str:
    """Return a Dockerfile of about so many lines, with several things to find in every ten of them."""
    return "FROM python:3.12\n" + BLOCK * (lines // BLOCK.count("\n"))


def pairs(text: str) -> list[str]:
    """Return texts as they come while a comment is being typed in the middle."""
    middle = text.index("\n", len(text) // 2) + 1
    return [f"{text[:middle]}# {'word ' * (1 + number)}\n{text[middle:]}" for number in range(EDITS)]


def looks(text: str) -> float:
    """Return the median of milliseconds that looking at the text takes in this process."""
    taken = []
    for edited in pairs(text):
        started = time.perf_counter()
        api.check_str(edited)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def waits(text: str) -> tuple[list[float], list[float]]:
    """Return milliseconds from each edit to its diagnostics, and from a request to its code actions."""
    shown: list[float] = []
    offered: list[float] = []

    async def act(session: Session) -> None:
        session.open(text)
        await session.diagnostics(1)
        for edited in pairs(text):
            started = time.perf_counter()
            version = session.change(edited)
            await session.diagnostics(version)
            shown.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.05)  # as one who types
        found = api.check_str(edited)
        place = found[len(found) // 2].at.of(edited) if found else edited[:1]
        for _ in range(10):
            started = time.perf_counter()
            await session.actions(place, only=["quickfix"])
            offered.append((time.perf_counter() - started) * 1000)

    with tempfile.TemporaryDirectory() as folder:
        with_server(Path(folder), act)
    return shown, offered


def report(text: str) -> None:
    """Print what one text takes."""
    shown, offered = waits(text)
    alone = looks(text)
    middle, most = statistics.median(shown), sorted(shown)[int(len(shown) * 0.95)]
    print(
        f"editing {text.count(chr(10))} lines, {len(api.check_str(text))} findings: diagnostics after "
        f"{middle:.0f} ms (95 of 100 within {most:.0f} ms), looking alone {alone:.0f} ms = "
        f"{middle / alone:.2f} x; quick fixes after {statistics.median(offered):.0f} ms"
    )


def main() -> None:
    """Measure a made file, or those that are named."""
    for text in [Path(name).read_text("utf-8") for name in sys.argv[1:]] or [text_of(200)]:
        report(text)


if __name__ == "__main__":
    main()
