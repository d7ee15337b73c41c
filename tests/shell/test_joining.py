"""Which pairs are joined, in which form, at which places."""

from __future__ import annotations

import pytest

from dockeropt.shell import Dialect, parse
from dockeropt.shell.joining import Form, Join, Refusal, join
from tests.shell.join_rows import ROWS, STALE, WORLD, Row
from tests.shell.pair_executor import SHELLS

FORMS = {"C": Form.CHAIN, "G": Form.GROUP, "S": Form.SUBSHELL, "E": Form.SET_E_GROUP}


def ask(a: str, b: str, **options: object) -> Join | Refusal:
    given: dict[str, object] = {"errexit": False, "pipefail": False, "dialect": Dialect.BASH, **options}
    dialect = given.pop("dialect")
    assert isinstance(dialect, Dialect)
    return join(parse(a, dialect), parse(b, dialect), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_of_the_table_gets_its_form(row: Row) -> None:
    for dialect in {SHELLS[name][1] for name in row.shells} or {Dialect.DASH}:
        answer = ask(
            row.a,
            row.b,
            dialect=dialect,
            errexit="-e" in row.options,
            pipefail="pipefail" in row.options,
            workdir="/w",
        )
        if row.form == "-":
            assert isinstance(answer, Refusal), answer
            assert answer.reason
        else:
            assert isinstance(answer, Join), answer
            assert answer.form is FORMS[row.form]


@pytest.mark.parametrize(("a", "b", "accepted"), WORLD)
def test_what_reaches_beyond_the_shell_is_refused(a: str, b: str, accepted: bool) -> None:
    assert isinstance(ask(a, b, root=None, workdir="/w"), Join) is accepted


@pytest.mark.parametrize(("a", "b", "apart"), STALE)
def test_a_tool_that_may_have_been_replaced_is_looked_up_again(a: str, b: str, apart: bool) -> None:
    answer = ask(a, b, workdir="/w")
    assert isinstance(answer, Join)
    assert (answer.form is Form.SUBSHELL) is apart


@pytest.mark.parametrize(
    ("a", "root", "accepted"),
    [
        ("useradd -m app", True, True),
        ("useradd -m app", False, False),
        ("useradd -m app", None, False),
        ("usermod -aG docker root", True, False),
        ("useradd -o -u 0 toor", True, False),
        ("addgroup root wheel", True, False),
        ('useradd "$NAME"', True, False),
        ("echo x >>/etc/passwd", True, False),
        ("su app -c 'touch x'", True, True),
        ("sh -c 'useradd root'", True, False),
    ],
)
def test_users_may_be_added_by_root_when_root_stays_root(a: str, root: bool | None, accepted: bool) -> None:
    assert isinstance(ask(a, "touch f", root=root, workdir="/"), Join) is accepted


@pytest.mark.parametrize(
    ("a", "workdir", "accepted"),
    [
        ("rm -rf /app", "/app", False),
        ("rm -rf /app", "/app/src", False),
        ("rm -rf /app/", "/app", False),
        ("rm -rf /app/src", "/app", True),
        ("rm -rf /app/*", "/app", True),
        ("rm -rf /tmp/*", "/tmp/build", False),
        ("rm -rf /tmp/*", "/tmp", True),
        ("rm -rf /tmp/x*", "/tmp/build", True),
        ("rm -rf ../*", "/app", False),
        ("rm -rf ..", "/app", False),
        ("rm -rf build", "/app", True),
        ("rm -rf build", "/build", True),
        ("cd / && rm -rf build", "/build", False),
        ("cd / && rm -rf other", "/build", True),
        ("(cd /tmp && rm -rf *)", "/tmp/build", False),
        ("cd .. && rm -rf *", "/build", False),
        ("rm -f /app", "/app", True),
        ("rm -rf /app", "/", True),
        ('rm -rf "$DIR"', "/app", False),
        ('rm -rf "$DIR"/x', "/app", True),
        ('rm -rf "$DIR"', "/", True),
        ("mv /app /srv", "/app", False),
        ("mv /x /app", "/app", True),
        ("rmdir /app", "/app", False),
        ("sh -c 'rm -rf /app'", "/app", False),
        ("rm -rf /usr/src/app", None, False),
        ("rm -rf /tmp/x /var/lib/apt/lists/*", None, True),
        ("rm -rf build", None, True),
        ("sudo rm -rf /app", "/app", False),
    ],
)
def test_the_working_directory_is_not_taken_away(a: str, workdir: str | None, accepted: bool) -> None:
    assert isinstance(ask(a, "touch f", workdir=workdir), Join) is accepted


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        ("x", "y", "x && y"),
        ("x ; ", " y ; ", "x && y"),
        ("x; y", "z", "x; y && z"),
        ("x", "y; z", "x && { y; z; }"),
        ("x", "y; z;", "x && { y; z; }"),
        ("x", "y; z &", "x && { y; z & }"),
        ("x", "y &", "x && { y & }"),
        ("cd x;", "y", "( cd x ) && y"),
        ("cd x", "y || z", "( cd x ) && { y || z; }"),
        ("(cd x)", "(y)", "(cd x) && (y)"),
        ("set -e; x; y", "set -e; z", "set -e; x; y && { set -e; z; }"),
        ("x `# why`", "y", "x `# why` && y"),
    ],
)
def test_the_places_in_the_answer_make_the_joined_script(a: str, b: str, text: str) -> None:
    answer = ask(a, b)
    assert isinstance(answer, Join)
    assert answer.text(a, b) == text
    assert parse(text, Dialect.DASH).problem is None


def test_scripts_of_two_dialects_stay_apart() -> None:
    a, b = parse("x", Dialect.DASH), parse("y", Dialect.BASH)
    assert isinstance(join(a, b, errexit=False, pipefail=False), Refusal)


def test_a_script_that_no_system_could_start_is_not_made() -> None:
    long = "echo " + "x" * 60_000
    assert isinstance(ask(long, long), Refusal)


def test_the_answer_is_the_same_for_the_joined_script_when_it_was_a_pair_already() -> None:
    first = ask("apt-get update", "apt-get install -y x")
    assert isinstance(first, Join)
    again = ask(first.text("apt-get update", "apt-get install -y x"), "rm -rf /var/lib/apt/lists/*")
    assert isinstance(again, Join)
    assert again.form is Form.CHAIN
