"""Try a pass on folders of cases and hold it to everything that is promised of passes.

For the project's own tests and for the authors of plugins: ``check_case(folder)`` is one
call per case, and a case is a folder whose name says what it shows::

    tests/passes/<pass-id>/<case>/
        input.Dockerfile
        expected.Dockerfile     left out: nothing may change
        case.toml               optional, see :class:`Case`

Nothing here needs pytest; a broken promise is an ``AssertionError`` that names it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

from dockeropt.interop.dockerfile_parse import agrees
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.project.directory import Directory
from dockeropt.project.overlay import Overlay
from dockeropt.rewrite.context import View
from dockeropt.rewrite.fix import Applicability, FileChange, Finding
from dockeropt.rewrite.passes import Pass
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import Registry, load_registry
from dockeropt.rewrite.result import Result
from dockeropt.rewrite.verify import verify
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Instruction, Onbuild
from dockeropt.text import Edit, Source, apply_edits

REQUIRED = ("positive", "negative", "comment", "heredoc", "onbuild")
"""Kinds of cases that every pass has, or says in ``missing.toml`` why it has not."""


class Case(NamedTuple):
    """One case, with what its ``case.toml`` says.

    Args:
        folder: Where it lies.
        text: The input.
        expected: The output; the input itself when there is no ``expected.Dockerfile``.
        passes: ``passes = ["id", …]``; the pass that the folder above is named after, or
            all default passes, when not given.
        unsafe: ``unsafe = false`` for cases that must work, or not happen, without ``--unsafe``.
        options: ``[options]`` of the pass, or one table for each pass if there are several.
        applicability: ``applicability = "safe"``: the level of every fix.
        findings: ``findings = ["part of a message", …]``: all findings on the input, in order.
        problems: ``problems = true``: BuildKit rejects the input.
        skip: ``skip = ["crlf", "no-final-newline", "lower-case"]``: variants that mean
            something else here.
        build_args: ``[build-args]`` passed to the build.
        target: ``target = "stage"``.
        build: The folder ``context``, if there is one.
        expected_files: The files that ``expected-context`` holds, with their texts.
    """

    folder: Path
    text: str
    expected: str
    passes: tuple[str, ...] = ()
    unsafe: bool = True
    options: Mapping[str, Mapping[str, object]] = {}
    applicability: str = ""
    findings: tuple[str, ...] | None = None
    problems: bool = False
    skip: tuple[str, ...] = ()
    build_args: Mapping[str, str] | None = None
    target: str | None = None
    build: BuildContext = UNKNOWN
    expected_files: Mapping[str, str] = {}

    @property
    def id(self) -> str:
        """Return ``pass-id/case``, for test reports."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def changes(self) -> bool:
        """Tell whether something is to happen."""
        return self.text != self.expected or bool(self.expected_files)

    def run(
        self,
        passes: tuple[Pass, ...],
        text: str | None = None,
        *,
        apply: bool = True,
        files: Iterable[FileChange] = (),
    ) -> Result:
        """Return what ``passes`` make of ``text`` (of the input) under the terms of the case.

        ``files`` is what an earlier run made of the context.
        """
        changed = {change.path: change.after for change in files}
        return run(
            Source(self.text if text is None else text),
            passes,
            unsafe=self.unsafe,
            apply=apply,
            options=self.options,
            build_args=self.build_args,
            target=self.target,
            build=Overlay(self.build, changed) if changed else self.build,
            observer=agrees,
            strict=True,
        )


def find_cases(root: Path | str) -> list[Path]:
    """Return the folders below ``root`` that hold a case, sorted."""
    return sorted(found.parent for found in Path(root).rglob("input.Dockerfile"))


def read_case(folder: Path | str, *, registry: Registry | None = None) -> Case:
    """Read a case.

    Args:
        folder: Its folder.
        registry: The passes that the folder above may be named after.

    Raises:
        ValueError: ``case.toml`` has a key that means nothing.
    """
    import tomllib

    folder = Path(folder)
    text = Source.from_bytes((folder / "input.Dockerfile").read_bytes()).text
    expected_file = folder / "expected.Dockerfile"
    expected = Source.from_bytes(expected_file.read_bytes()).text if expected_file.exists() else text
    config_file = folder / "case.toml"
    config = tomllib.loads(config_file.read_text("utf-8")) if config_file.exists() else {}
    passes = tuple(config.pop("passes", ()))
    options = config.pop("options", {})
    registry = registry or load_registry(catalogue=False)
    if not passes and folder.parent.name in registry.passes:
        passes = (folder.parent.name,)
    if len(passes) == 1:
        options = {passes[0]: options} if options else {}
    findings = config.pop("findings", None)
    case = Case(
        folder,
        text,
        expected,
        passes,
        config.pop("unsafe", True),
        options,
        config.pop("applicability", ""),
        tuple(findings) if findings is not None else None,
        config.pop("problems", False),
        tuple(config.pop("skip", ())),
        config.pop("build-args", None),
        config.pop("target", None),
        Directory(str(folder / "context")) if (folder / "context").is_dir() else UNKNOWN,
        _texts(folder / "expected-context"),
    )
    config.pop("why", None)  # a remark
    if config:
        raise ValueError(f"{config_file}: unknown key {next(iter(config))!r}")
    return case


def update_case(folder: Path | str, *, registry: Registry | None = None) -> None:
    """Write ``expected.Dockerfile`` as the passes have it now; look at the diff afterwards."""
    registry = registry or load_registry(catalogue=False)
    case = read_case(folder, registry=registry)
    result = case.run(_passes(case, registry))
    text = result.text
    file = case.folder / "expected.Dockerfile"
    if text != case.text:
        file.write_bytes(Source(text).encode())
    else:
        file.unlink(missing_ok=True)
    for path in {*case.expected_files, *[change.path for change in result.files]}:
        after = {change.path: change.after for change in result.files}.get(path)
        other = case.folder / "expected-context" / path
        if after is None:
            other.unlink(missing_ok=True)
        else:
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_bytes(Source(after).encode())


def _texts(root: Path) -> dict[str, str]:
    """Return the text of each file below ``root``, by its path."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): Source.from_bytes(path.read_bytes()).text for path in files}


def check_case(folder: Path | str, *, registry: Registry | None = None) -> None:
    """Hold the passes of a case to their promises.

    The text is parsed without loss, the output is as expected, a second run changes nothing,
    BuildKit rejects nothing new, comments stay, every fix can be made alone, the default passes
    together come to an end that does not undo it, ``dockerfile-parse`` agrees, and
    other line ends, a missing last line end and lower-case keywords make no difference.

    Raises:
        AssertionError: A promise is broken.
        PassError: A pass raised, or broke an invariant of the engine.
    """
    registry = registry or load_registry(catalogue=False)
    case = read_case(folder, registry=registry)
    passes = _passes(case, registry)
    _lossless(case.text)
    result = case.run(passes)
    assert result.text == case.expected, "not as expected:\n" + _diff(case.expected, result.text)
    _lossless(result.text)
    files = {change.path: change.after for change in result.files}
    assert files == case.expected_files, f"files: {files}, expected {dict(case.expected_files)}"
    again = case.run(passes, result.text, files=result.files)
    assert not again.changed, "a second run changes more:\n" + _diff(result.text, again.text)
    _check_problems(case, result)
    _check_comments(case, result)
    _check_findings(case, passes, result)
    _check_each_alone(result, case.build)
    _check_together(case, passes, registry, result)
    for name, vary, same in VARIANTS:
        if name not in case.skip:
            _check_variant(case, passes, name, vary, same)


def missing_kinds(folder: Path | str) -> list[str]:
    """Return the kinds of cases (:data:`REQUIRED`) that a pass folder lacks without a reason.

    The reasons stand in ``missing.toml``: ``heredoc = "MAINTAINER has none"``.
    """
    import tomllib

    folder = Path(folder)
    reasons_file = folder / "missing.toml"
    reasons = tomllib.loads(reasons_file.read_text("utf-8")) if reasons_file.exists() else {}
    have = {kind for kind, reason in reasons.items() if reason}
    for found in find_cases(folder):
        case = read_case(found)
        have |= {kind for kind in REQUIRED[2:] if found.name.startswith(kind)}
        have.add("positive" if case.changes or case.findings else "negative")
    return [kind for kind in REQUIRED if kind not in have]


# --- the promises ----------------------------------------------------------------------


def _passes(case: Case, registry: Registry) -> tuple[Pass, ...]:
    return registry.select(case.passes)


def _lossless(text: str) -> None:
    assert str(parse(text)) == text, "the parser lost something"


def _check_problems(case: Case, result: Result) -> None:
    before = [problem.message for problem in parse(case.text).problems]
    assert bool(before) == case.problems, f"problems = {case.problems}, but BuildKit says {before}"
    after = [problem.message for problem in result.problems]
    assert not Counter(after) - Counter(before), f"BuildKit rejects the result: {after}"


def _check_comments(case: Case, result: Result) -> None:
    """Look at lines only, on purpose without any of our own reading of the file."""
    lost = _comment_lines(case.text) - _comment_lines(result.text)
    assert not lost, f"lost comments: {sorted(lost)}"


def _comment_lines(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.split("\n") if line.lstrip(" \t\ufeff").startswith("#"))


def _check_findings(case: Case, passes: tuple[Pass, ...], result: Result) -> None:
    found = [left.finding for left in case.run(passes, apply=False).leftover]
    if case.findings is not None:
        messages = [finding.message for finding in found]
        fits = len(messages) == len(case.findings) and all(
            part in message for part, message in zip(case.findings, messages, strict=True)
        )
        assert fits, f"findings: {messages}, expected {list(case.findings)}"
    if case.applicability:
        levels = {finding.fix.applicability for finding in found if finding.fix is not None}
        levels |= {fix.applicability for step in result.steps for fix in step.fixes}
        assert levels == {Applicability[case.applicability.upper()]}, f"levels: {levels}"


def _check_each_alone(result: Result, build: BuildContext) -> None:
    for step in result.steps:
        before = View(Source(step.before), build=build)
        for fix in step.fixes:
            after = before.of(apply_edits(step.before, fix.edits))
            reason = verify(before, after, fix.effects)
            assert reason is None, f"{fix.title!r} does not work without the other fixes: {reason}"


def _check_together(case: Case, passes: tuple[Pass, ...], registry: Registry, result: Result) -> None:
    names = [p.info.id for p in passes]
    full = case.run(registry.select((), extend_select=names), result.text, files=result.files)
    assert full.stable, "the default passes come to no end"
    if case.text != case.expected:
        assert full.text != case.text, "the default passes undo it"
    rest = case.run(passes, full.text, files=(*result.files, *full.files))
    assert not rest.changed, "the default passes leave work to do:\n" + _diff(full.text, rest.text)


# --- variants --------------------------------------------------------------------------


def _crlf(text: str) -> str | None:
    if "\r" in text or any(node.heredocs for node in parse(text).instructions):
        return None  # the lines of a heredoc belong to what is written or run
    return text.replace("\n", "\r\n")


def _same_crlf(text: str, varied: str) -> bool:
    return varied.replace("\r\n", "\n") == text and varied.count("\n") == varied.count("\r\n")


def _no_final_newline(text: str) -> str | None:
    return text.removesuffix("\n") if text.endswith("\n") and not text.endswith("\r\n") else None


def _same_but_final_newline(text: str, varied: str) -> bool:
    return text.removesuffix("\n") == varied.removesuffix("\n")


def lower_keywords(text: str) -> str:
    """Return ``text`` with the keyword of each instruction in lower case."""
    edits: list[Edit] = []
    for node in _with_inner(parse(text).instructions):
        word = node.keyword.of(text)
        if word != word.lower():
            edits.append(Edit(node.keyword, word.lower()))
    return apply_edits(text, edits)


def _with_inner(nodes: Iterator[Instruction]) -> Iterator[Instruction]:
    for node in nodes:
        yield node
        if isinstance(node, Onbuild):
            yield node.inner


def _same_but_keywords(text: str, varied: str) -> bool:
    return lower_keywords(text) == lower_keywords(varied)


VARIANTS: tuple[tuple[str, Callable[[str], str | None], Callable[[str, str], bool]], ...] = (
    ("crlf", _crlf, _same_crlf),
    ("no-final-newline", _no_final_newline, _same_but_final_newline),
    ("lower-case", lower_keywords, _same_but_keywords),
)
"""Name, how to make it of a text, and when two outputs are the same but for it."""


def _check_variant(
    case: Case,
    passes: tuple[Pass, ...],
    name: str,
    vary: Callable[[str], str | None],
    same: Callable[[str, str], bool],
) -> None:
    varied = vary(case.text)
    if varied is None or varied == case.text:
        return
    result = case.run(passes, varied)
    assert same(case.expected, result.text), f"the {name} variant differs:\n" + _diff(
        case.expected, result.text
    )


def _diff(wanted: str, got: str) -> str:
    lines = unified_diff(wanted.split("\n"), got.split("\n"), "expected", "got", lineterm="", n=2)
    return "\n".join(line.replace("\r", "␍") for line in lines)


def findings_of(p: Pass, text: str, *, unsafe: bool = True) -> list[Finding]:
    """Return what one pass finds in ``text``, for quick tests and at the prompt."""
    return [left.finding for left in run(text, [p], unsafe=unsafe, apply=False, strict=True).leftover]
