"""useradd and groupadd in the words of BusyBox."""

import pytest

from dockeropt.rewrite import Context
from dockeropt.rewrite.accounts import alpine_accounts


def translated(script: str) -> list[str] | None:
    """Return what stands for the calls of a RUN."""
    run = Context.of(f"FROM debian\nRUN {script}\n").model.runs[0]
    found = alpine_accounts(run.calls)
    return None if found is None else list(found.values())


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("groupadd web", "addgroup web"),
        ("groupadd -r -g 99 web", "addgroup -S -g 99 web"),
        ("groupadd --system --gid=99 web", "addgroup -S -g 99 web"),
        ("useradd web", "adduser -D -H web"),
        ("useradd -m web", "adduser -D web"),
        ("useradd -ms /bin/sh -u $UID web", "adduser -D -u $UID -s /bin/sh web"),
        ("useradd -r web", "addgroup -S web && adduser -S -D -H -G web web"),
        ("useradd -c 'The web' -g staff web", "adduser -D -H -g 'The web' -G staff web"),
    ],
)
def test_known_options(script: str, expected: str) -> None:
    assert translated(script) == [expected]


@pytest.mark.parametrize(
    "script",
    ["useradd -g 99 web", "useradd -K UMASK=7 web", "useradd -N web", "sudo useradd web", "useradd", "useradd -u",
     "id web || useradd -r web", "useradd --unknown web", "useradd a b", "useradd web > /dev/null"],
)  # fmt: skip
def test_what_is_not_certain_is_left(script: str) -> None:
    assert translated(script) is None


def test_a_group_is_named_by_the_number_that_it_was_given() -> None:
    assert translated("groupadd -g 99 web && useradd -g 99 -u 99 worker") == [
        "addgroup -g 99 web",
        "adduser -D -H -u 99 -G web worker",
    ]
