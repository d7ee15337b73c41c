"""What BuildKit refuses when it turns stages into a build."""

import pytest

from dockeropt.model import Model
from dockeropt.model.build import reference_problem
from dockeropt.syntax import parse


def problems(text: str, **options: object) -> list[str]:
    """Return the messages of a file's problems."""
    return [problem.message for problem in Model(parse(text), **options).problems]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "FROM debian:12\nRUN x\nCOPY a b\n",
        "FROM scratch\n",
        "FROM a AS b\nFROM b\nCOPY --from=b x y\nCOPY --from=0 x y\nCOPY --from=alpine:3 x y\n",
        "FROM a\nRUN --mount=type=cache,target=/x,sharing=locked,mode=0755,uid=1 y\n",
        "FROM a\nRUN --mount=type=secret,id=x,required --mount=type=ssh --mount=target=/q,ro z\n",
        "FROM a\nRUN --mount=type=bind,from=alpine,target=/q z\n",
        "FROM a\nWORKDIR /w\nRUN --mount=type=cache,target=. --mount=type=tmpfs,target=/t,size=10m z\n",
        "FROM $UNKNOWN_PLATFORM$TARGETARCH\n",
        "FROM a\nADD https://x/y /z\nCOPY --chmod=755 --chown=$U a b\n",
        "FROM a AS x\nFROM x AS x\nFROM b\nCOPY --from=x a b\n",
        "ARG V=1\nFROM a:$V\nENV A=${B:-c} D='$E'\n",
        "FROM BROKEN AS unused\nFROM BROKEN2 AS unused2\n".replace("BROKEN2", "b").replace("BROKEN", "a"),
        "FROM a\nONBUILD ENV A='x\n",
        "FROM a AS b\nONBUILD COPY --from=1 x y\nFROM b AS c\n",
    ],
)
def test_good_files(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ARG B\nFROM $B\n", "base name ($B) should not be blank"),
        ("FROM node:$V\n", 'failed to parse stage name "node:": invalid reference format'),
        ("FROM a AS Base\nFROM Base\n", 'failed to parse stage name "Base": invalid reference format: repository name (library/Base) must be lowercase'),
        ("FROM ${A:-\n", 'failed to process "${A:-": syntax error: missing \'}\''),
        ("FROM --platform=$P a\n", "empty platform value from expression $P"),
        ('FROM a\nENV A="x\n', 'failed to process "\\"x": unexpected end of statement while looking for matching double-quote'),
        ("FROM a\nCOPY --from=$X a b\n", "variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround"),
        ("FROM a\nCOPY --from=3 a b\n", "invalid stage index 3"),
        ("FROM a\nCOPY --from=UPPER a b\n", 'failed to parse stage name "UPPER": invalid reference format: repository name (library/UPPER) must be lowercase'),
        ("FROM a AS one\nCOPY --from=one a b\n", "circular dependency detected on stage: one"),
        ("FROM a AS one\nCOPY --from=two a b\nFROM b AS two\nCOPY --from=one a b\n", "circular dependency detected on stage: one"),
        ("FROM a\nCOPY --from=two a b\nFROM b AS two\nFROM c\nCOPY --from=0 a b\n", 'cannot copy from stage "two", it needs to be defined before current stage "stage-0"'),
        ("FROM a\nCOPY http://x/y z\n", "source can't be a URL for COPY"),
        ("FROM a\nCOPY https://x/y.git#v1 z\n", "source can't be a git ref for COPY"),
        ("FROM a\nCOPY --chmod=999 a b\n", "invalid chmod parameter: '999'. it should be octal string and between 0 and 07777"),
        ("FROM a\nVOLUME $X\n", "VOLUME specified can not be an empty string"),
        ("FROM a\nEXPOSE x\n", "invalid containerPort: x"),
        ("FROM a\nSTOPSIGNAL NOPE\n", "invalid signal: NOPE"),
        ("FROM a\nRUN --mount=type=cash,target=/x y\n", 'unsupported mount type "cash"'),
        ("FROM a\nRUN --mount=type=cache,tarjet=/x y\n", "unexpected key 'tarjet' in 'tarjet=/x'"),
        ("FROM a\nRUN --mount=type=cache,target=/x,sharing=all y\n", 'unsupported sharing value "all"'),
        ("FROM a\nRUN --mount=type=bind,target=/x,sharing=locked y\n", "invalid cache sharing set for bind mount"),
        ("FROM a\nRUN --mount=type=bind,target=/x,uid=1 y\n", 'uid not allowed for "bind" type mounts'),
        ("FROM a\nRUN --mount=type=cache,target=/x,uid=me y\n", "invalid value me for uid"),
        ("FROM a\nRUN --mount=type=cache,target=/x,mode=9 y\n", "invalid value 9 for mode"),
        ("FROM a\nRUN --mount=type=cache,target=/ y\n", 'invalid mount target "/"'),
        ("FROM a\nRUN --mount=type=cache,target=. y\n", 'invalid mount target "/"'),
        ("FROM a\nRUN --mount=type=cache y\n", 'invalid mount target "/"'),
        ("FROM a\nRUN --mount=target=/x,ro=maybe y\n", "invalid value for ro: maybe"),
        ("FROM a\nRUN --mount=type=secret,id=a,required=maybe y\n", "invalid value for required: maybe"),
        ("FROM a\nRUN --mount=target=/x,required y\n", "unexpected key 'required' for mount type 'bind'"),
        ("FROM a\nRUN --mount=target=/x,size=1 y\n", "unexpected key 'size' for mount type 'bind'"),
        ("FROM a\nRUN --mount=type=tmpfs,target=/x,size=ten y\n", "invalid value for size: ten"),
        ("FROM a\nRUN --mount=type=cache,target=/x,uid=99999999999 y\n", "invalid value 99999999999 for uid"),
        ("FROM a\nRUN --mount=type=secret,id=a,src=b y\n", "both source and id can't be set"),
        ("FROM a\nRUN --mount=type=secret,id=a,from=b y\n", "secret mount should not have a from"),
        ("FROM a\nRUN --mount=type=secret y\n", "invalid secret mount. one of source, target required"),
        ("FROM a\nRUN --mount=type=cache,target y\n", "invalid field 'target' must be a key=value pair"),
    ],
)  # fmt: skip
def test_bad_files(text: str, message: str) -> None:
    assert message in problems(text)


def test_only_needed_stages_are_built() -> None:
    text = "FROM a AS bad\nENV A='\nFROM b AS good\n"
    assert problems(text) == []
    assert len(problems(text, target="bad")) == 1


def test_bases_of_all_stages_are_checked() -> None:
    assert len(problems("FROM Bad AS unused\nFROM b\n")) == 1


def test_triggers_of_a_parent_stage_are_checked_where_they_run() -> None:
    assert len(problems("FROM a AS b\nONBUILD ENV A='x\nFROM b\n")) == 1


def test_build_arguments_can_help() -> None:
    assert problems("ARG B\nFROM $B\n", build_args={"B": "debian"}) == []


def test_problems_have_a_place() -> None:
    tree = parse("FROM a\nVOLUME $X\n")
    (problem,) = Model(tree).problems
    assert problem.span.of(tree.source.text) == "VOLUME $X"
    assert problem.kind == "build"


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "a/b:1",
        "a.b:5000/c/d@sha256:" + "0" * 64,
        "localhost/x",
        "a:1@sha256:" + "f" * 64,
        "A.com/b",
        "a--b__c.d",
    ],
)
def test_good_references(name: str) -> None:
    assert reference_problem(name) is None


@pytest.mark.parametrize(
    "name", ["a:", "/a", "A", "a b", "a/", "a@sha256:0", "a..b", "0" * 64, "a___b", "%%X%%", ":1"]
)
def test_bad_references(name: str) -> None:
    assert reference_problem(name)


def test_long_chains_are_no_problem() -> None:
    text = "FROM a AS s0\n" + "".join(f"FROM s{i} AS s{i + 1}\nCOPY --from=s{i} a b\n" for i in range(2000))
    model = Model(parse(text))
    assert model.problems == ()
    assert all(stage.reaches_final for stage in model.stages)
