"""Where the files at a path came from, or why that is not known."""

import pytest

from dockeropt.model import Model
from dockeropt.model.contents import Contents, Refused, contents_of
from dockeropt.model.copies import Output, outputs
from dockeropt.model.paths import resolve
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import FileInstruction


def contents(text: str, path: str, *, names: bool = True) -> Contents | Refused:
    """Return what is at ``path`` when the last command of the file is reached."""
    model = Model(parse(text))
    run = model.runs[-1]
    return contents_of(model, run, run.calls[-1], path, path, names=names)


def known(text: str, path: str, *, names: bool = True) -> Contents:
    found = contents(text, path, names=names)
    assert isinstance(found, Contents), found
    return found


def refusal(text: str, path: str, *, names: bool = True) -> str:
    found = contents(text, path, names=names)
    assert isinstance(found, Refused), found
    return found.reason


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ("COPY . /app", (Output("/app", exact=False),)),
        ("COPY a.sh /app/", (Output("/app/a.sh", exact=True),)),
        ("COPY a.sh /app", (Output("/app", exact=False),)),
        ("COPY a.sh /b.sh", (Output("/b.sh", exact=True),)),
        ("COPY run /srv/run", (Output("/srv/run", exact=False),)),
        ("COPY a.sh b.py .", (Output("/w/a.sh", exact=True), Output("/w/b.py", exact=True))),
        ("COPY *.sh /app/", (Output("/app", exact=False),)),
        ('COPY ["a b.sh", "/app/"]', (Output("/app/a b.sh", exact=True),)),
        ("COPY <<EOF /app/x\nEOF", (Output("/app/x", exact=True),)),
        ("COPY a.sh $UNKNOWN/", None),
    ],
)
def test_outputs(instruction: str, expected: tuple[Output, ...] | None) -> None:
    model = Model(parse(f"FROM x\nWORKDIR /w\n{instruction}\n"))
    node = next(n for n in model.stages[0].instructions if isinstance(n, FileInstruction))
    assert outputs(node, model.state_before(node)) == expected


def test_all_from_one_copy() -> None:
    found = known("FROM debian\nCOPY . /app\nRUN ls\n", "/app")
    assert len(found.copies) == 1
    assert (found.existed, found.directories, found.home, found.doubts) == (False, (), None, ())


def test_what_the_base_image_has_is_a_doubt() -> None:
    assert "whether x has files in /app" in known("FROM x\nCOPY . /app\nRUN ls\n", "/app").doubts
    assert known("FROM x\nRUN mkdir /app\nCOPY . /app\nRUN ls\n", "/app").doubts == ()
    assert known("FROM python:3.12\nCOPY . /app\nRUN ls\n", "/app").doubts == ()
    assert "golang" in known("FROM golang:1.22\nCOPY . /go/src/x\nRUN ls\n", "/go/src/x").doubts[0]


def test_directories_made_before() -> None:
    found = known("FROM debian\nWORKDIR /app/x\nCOPY . /app\nRUN ls\n", "/app")
    assert found.existed
    assert found.directories == ("/app/x",)


@pytest.mark.parametrize(
    ("middle", "reason"),
    [
        ("COPY . /app\nRUN make\n", "what the command in line 3 does after the COPY is not known"),
        ("COPY . /app\nRUN touch /app/x\n", "the command in line 3 writes there"),
        ("COPY . /app\nRUN useradd me\n", "line 3 changes the users after the COPY"),
        ("COPY . /app\nRUN chown x /app/y\n", "line 3 changes owners or special modes there"),
        ("COPY . /app\nUSER me\nRUN mkdir /x\n", "line 4 runs as another user after the COPY"),
        ("RUN touch /app/x\nCOPY . /app\n", "the command in line 2 writes there"),
        ("RUN make -C /app\nCOPY . /app\n", "the command in line 2 may write there"),
        ("ADD a.tar /app\nCOPY . /app\n", "ADD puts files there"),
        ("COPY . /app\nADD a.tar /app\n", "ADD puts files there"),
        ("COPY . /app\nCOPY . /\n", "COPY may put files there from above"),
        ("COPY . /app\nVOLUME /app/data\n", "it is, holds or lies in a volume"),
        ("COPY . /app\nCOPY etc /etc\n", "the user database is copied"),
        ("COPY . $X\n", "no COPY fills it"),
        ("", "no COPY fills it"),
    ],
)
def test_refusals(middle: str, reason: str) -> None:
    assert refusal(f"FROM debian\n{middle}RUN ls\n", "/app") == reason


def test_users_do_not_matter_for_numbers() -> None:
    text = "FROM debian\nCOPY . /app\nRUN useradd me\nRUN ls\n"
    assert known(text, "/app", names=False).doubts == ()


def test_a_single_file_replaces_what_was_there() -> None:
    text = "FROM debian\nRUN apt-get install -y x && touch /etc/x.conf\nCOPY x.conf /etc/x.conf\nRUN ls\n"
    assert known(text, "/etc/x.conf").doubts == ()
    assert refusal(text.replace("COPY x.conf", "COPY conf"), "/etc/x.conf")


def test_earlier_stages_count() -> None:
    text = "FROM debian AS a\nCOPY . /app\nFROM a\nCOPY x /app\nRUN ls\n"
    assert refusal(text, "/app") == "an earlier stage puts files there"
    text = "FROM debian AS a\nONBUILD COPY . /app\nFROM a\nCOPY x /app\nRUN ls\n"
    assert refusal(text, "/app") == "ONBUILD of an earlier stage may put files there"


def test_a_home_has_its_owner() -> None:
    found = known("FROM debian\nRUN useradd -m me\nCOPY . /home/me\nRUN ls\n", "/home/me")
    assert found.home is not None
    assert (found.home.user, found.existed) == ("me", False)


def test_relative_paths_need_a_directory() -> None:
    assert resolve("a/../b", "/x") == "/x/b"
    assert resolve("//a//b/.", None) == "/a/b"
    assert resolve("a", None) is None
