"""Commands of a file: their scripts, shells, calls and mounts."""

import pytest

from dockeropt.model import Model, RunFacts
from dockeropt.shell import Dialect
from dockeropt.syntax import parse


def runs(text: str) -> tuple[RunFacts, ...]:
    """Return the RUNs of a file."""
    return Model(parse(text)).runs


def one(text: str) -> RunFacts:
    """Return the only RUN of a file."""
    (found,) = runs(text)
    return found


def programs(run: RunFacts) -> list[str | None]:
    """Return the programs that a RUN calls."""
    return [call.program for call in run.calls]


# --- which -----------------------------------------------------------------------------


def test_runs_and_commands_in_order() -> None:
    found = Model(
        parse(
            "FROM a\nRUN x\nONBUILD RUN y\nCMD c\nHEALTHCHECK CMD h\nFROM b\nENTRYPOINT e\nRUN z\nONBUILD CMD d\n"
        )
    )
    assert [(programs(run), run.onbuild) for run in found.runs] == [
        (["x"], False),
        (["y"], True),
        (["z"], False),
    ]
    assert [(run.node.name, programs(run), run.onbuild) for run in found.commands] == [
        ("CMD", ["c"], False),
        ("HEALTHCHECK", ["h"], False),
        ("ENTRYPOINT", ["e"], False),
        ("CMD", ["d"], True),
    ]
    assert [run.stage.index if run.stage else None for run in found.runs] == [0, 0, 1]


def test_answers_are_kept() -> None:
    found = Model(parse("FROM a\nRUN apt-get install x\n"))
    assert found.runs is found.runs
    assert found.runs[0].calls is found.runs[0].calls
    assert found.invocations is found.invocations
    assert found.stages is found.stages
    assert found.observable() is found.observable()


# --- shells ----------------------------------------------------------------------------


def test_exec_form_has_no_shell() -> None:
    run = one('FROM debian\nRUN ["apt-get", "update"]\n')
    assert (run.script, run.shell, run.calls) == (None, None, ())


def test_heredoc_script() -> None:
    run = one("FROM debian\nRUN <<EOF\napt-get update\nif x; then\n  y\nfi\nEOF\n")
    assert programs(run) == ["apt-get", "x", "y"]


def test_a_script_with_a_syntax_error_has_no_shell() -> None:
    assert one("FROM debian\nRUN if x\n").shell is None


def test_powershell_is_not_read() -> None:
    assert one('FROM debian\nSHELL ["pwsh", "-c"]\nRUN apt-get install x\n').calls == ()


@pytest.mark.parametrize(
    ("image", "script", "expected"),
    [
        ("debian", "a &> b", ["a", None]),
        ("alpine", "a &> b", ["a"]),
        ("fedora", "a &> b", ["a"]),
    ],
)
def test_the_dialect_decides(image: str, script: str, expected: list[str | None]) -> None:
    assert programs(one(f"FROM {image}\nRUN {script}\n")) == expected


@pytest.mark.parametrize(
    ("script", "read"),
    [
        ("a && b", True),
        ("a > b 2>&1", True),
        ("a &> b", False),
        ("[[ a && b ]]", False),
        ("a <(b)", False),
        ("a <<< b", False),
        ("echo {a,b}", False),
        ("echo ${a}", True),
        ("{ a; }", True),
        ("a $'b'", False),
        ("a += b", True),
        ("time a", False),
        ("function f() { a; }", False),
        ("a=(b c)", False),
        ("((a))", False),
        ("echo $((1 + 2))", True),
    ],
)
def test_an_unknown_shell_is_read_only_where_dash_and_bash_agree(script: str, read: bool) -> None:
    run = one(f"FROM acme/thing\nRUN {script}\n")
    assert (run.shell is not None) is read
    if run.shell is not None:
        assert run.shell.dialect is Dialect.DASH


def test_after_sh_was_replaced_both_readings_must_agree() -> None:
    _, agree, differ = runs("FROM debian\nRUN ln -sf bash /bin/sh\nRUN a && b\nRUN a &> b\n")
    assert agree.shell is not None
    assert differ.shell is None


# --- places ----------------------------------------------------------------------------


def test_spans_lead_back_to_the_source() -> None:
    text = "FROM debian\nRUN a \\\n  # note\n  && apt-get \\\n install b\n"
    run = one(text)
    call = run.calls[1]
    assert run.span(call.node).of(text) == "apt-get \\\n install b"
    assert run.span(call.args[0]).of(text) == "install"


# --- calls -----------------------------------------------------------------------------


def test_calls_in_all_places() -> None:
    run = one(
        'FROM debian\nRUN a $(b) && (c; d) | e; if f; then g `h`; fi; i() { j; }; x=$(k) l "$(m)"; ${n:-$(o)}\n'
    )
    assert programs(run) == ["a", "b", "c", "d", "e", "f", "g", "h", "j", "l", "k", "m", None, "o"]
    assert [call.program for call in run.calls if call.top_level] == ["a", "e", "l", None]
    assert [call.program for call in run.calls if call.piped] == ["e"]


def test_place_of_a_call() -> None:
    run = one("FROM debian\nRUN a && b || true; c & ! d; if e; then f; fi; g || h && i\n")
    facts = {call.program: call for call in run.calls}
    assert [name for name, call in facts.items() if call.failure_ignored] == ["a", "b", "d", "g"]
    assert [name for name, call in facts.items() if call.background] == ["c"]
    assert [name for name, call in facts.items() if call.conditional] == ["true", "e", "f", "h", "i"]
    assert run.shell is not None
    assert facts["a"].statement is run.shell.body.statements[0]
    assert facts["f"].ancestors[0] is run.shell
    assert facts["f"].ancestors[-1] is facts["f"].pipeline
    assert facts["b"].and_or is facts["a"].and_or


def test_program_prefixes_and_words() -> None:
    call = one(
        "FROM debian\nRUN A=1 sudo -E env B=2 /usr/bin/curl -fsSL --max-time=3 -o x https://y\n"
    ).calls[0]
    assert (call.program, call.path, call.prefixes) == ("curl", "/usr/bin/curl", ("sudo", "env"))
    assert call.program_word is not None
    assert call.program_word.text == "/usr/bin/curl"
    assert [word.text for word in call.operands] == ["x", "https://y"]
    assert call.has_flag("-f", "--fail")
    assert call.has_flag("--max-time")
    assert not call.has_flag("-k", "--insecure")
    found = call.flag("--max-time")
    assert found is not None
    assert found.text == "--max-time=3"
    assert call.flag("-k") is None


def test_flags_end_at_two_dashes() -> None:
    call = one("FROM debian\nRUN rm -r -- -f x\n").calls[0]
    assert call.has_flag("-r")
    assert not call.has_flag("-f")
    assert call.flag("-f") is None
    assert [word.text for word in call.operands] == ["-f", "x"]


def test_unknown_program() -> None:
    call = one("FROM debian\nRUN $X install\n").calls[0]
    assert (call.program, call.path) == (None, "")


def test_deep_nesting_is_no_problem() -> None:
    run = one("FROM debian\nRUN " + "$(" * 10_000 + "a" + ")" * 10_000 + "\n")
    assert isinstance(run.calls, tuple)


# --- mounts ----------------------------------------------------------------------------


def test_mounts() -> None:
    run = one(
        "FROM debian\nENV C=/cache\nWORKDIR /w\n"
        'RUN --mount=type=cache,id=x,target=$C,sharing=locked,uid=5 --mount=type=bind,\\"source=a,b\\",dst=sub/../y,rw'
        " --mount=type=secret,id=s --mount=from=base,src=/q,target=/q/ --network=none a\n"
    )
    cache, bind, secret, stage = run.mounts
    assert (cache.type, cache.id, cache.target, cache.sharing, cache.uid) == (
        "cache",
        "x",
        "/cache",
        "locked",
        "5",
    )
    assert not cache.read_only
    assert (bind.type, bind.source, bind.target, bind.read_only) == ("bind", "a,b", "/w/y", False)
    assert (secret.type, secret.target, secret.read_only) == ("secret", None, True)
    assert (stage.type, stage.from_, stage.source, stage.target, stage.read_only) == (
        "bind",
        "base",
        "/q",
        "/q",
        True,
    )
    assert cache.options[0] == ("type", "cache")
    assert cache.flag is run.node.flags[0]


def test_mount_covers() -> None:
    run = one("FROM debian\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=secret,id=s a\n")
    assert run.mount_covers("/var/cache/apt")
    assert run.mount_covers("/var/cache/apt/archives")
    assert not run.mount_covers("/var/cache")
    assert not run.mount_covers("/var/cache/aptitude")
    assert not one("FROM debian\nRUN a\n").mount_covers("/x")


@pytest.mark.parametrize("mount", ["type=cache,target=$X", "type=cache,target=rel"])
def test_a_mount_of_unknown_target_may_cover_anything(mount: str) -> None:
    assert one(f"FROM acme/thing\nRUN --mount={mount} a\n").mount_covers("/x")
