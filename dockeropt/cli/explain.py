"""The command ``explain``: all about a pass, or why a line was changed or left alone."""

import os
from typing import TYPE_CHECKING

from dockeropt import api
from dockeropt.cli.exitcodes import ERROR, OK, REJECTED, guarded
from dockeropt.cli.options import Request
from dockeropt.cli.output import Output
from dockeropt.config import Options, Settings
from dockeropt.errors import ConfigError, FileProblem, printable

if TYPE_CHECKING:
    from dockeropt.render.reasons import Place, Remark
    from dockeropt.results import FixResult


def explain(request: Request) -> int:
    """Explain what the request names: passes, files, lines of files. Return the exit code."""

    def body(settings: Settings, output: Output) -> int:
        code = OK
        for number, subject in enumerate(_subjects(request)):
            path, line = place_in(subject)
            if path:
                code = max(code, _Explained(path, line, request, output).run(settings(path)))
            else:
                _print_pages(subject, output, blank=number > 0)
        return code

    return guarded(request, body, lambda: "nothing was changed")


def _subjects(request: Request) -> tuple[str, ...]:
    if not request.paths:
        raise ConfigError("nothing to explain", hint="name a pass, a file, or FILE:LINE")
    return request.paths


def place_in(subject: str) -> tuple[str, int]:
    """Tell ``FILE``, ``FILE:LINE`` and ``FILE:LINE:COLUMN`` from the name of a pass.

    Returns:
        A path and a line, 0 for the whole file; an empty path for a pass.

    Raises:
        ConfigError: Lines are counted from 1.
    """
    if os.path.isfile(subject):
        return subject, 0
    path, colon, number = subject.rpartition(":")
    if colon and number.isascii() and number.isdigit() and path:
        outer, colon, line = path.rpartition(":")
        if colon and line.isascii() and line.isdigit() and outer and not os.path.isfile(path):
            path, number = outer, line
        if not int(number[:9]):
            raise ConfigError(f"{subject} names line 0", hint="lines are counted from 1")
        return path, int(number[:9])
    # A name with a slash is another tool's (``hadolint/DL3009``) unless its folder exists.
    folder = os.path.dirname(subject) if os.sep in subject else ""
    return (subject, 0) if folder and os.path.isdir(folder) else ("", 0)


# --- a pass ----------------------------------------------------------------------------


def _print_pages(subject: str, output: Output, *, blank: bool) -> None:
    from dockeropt.render.passpage import page
    from dockeropt.rewrite.registry import load_registry

    ids = sorted(load_registry().resolve(subject))
    if not ids:
        raise ConfigError(f"no pass answers to {subject!r} yet", hint="`dockeropt passes` lists them")
    for number, name in enumerate(ids):
        text = page(load_registry().passes[name])
        if number or blank:
            output.out("\n")
        if output.is_terminal:
            from rich.console import Console
            from rich.markdown import Markdown

            output.flush()
            Console().print(Markdown(text))
        else:
            output.out(text)


# --- a place ---------------------------------------------------------------------------


class _Explained:
    """One file, or one line of it."""

    def __init__(self, path: str, line: int, request: Request, output: Output) -> None:
        self.path = path
        self.line = line
        self.as_json = request.output_format == "json"
        self.output = output

    def run(self, options: Options) -> int:
        from dockeropt import files
        from dockeropt.render.reasons import remarks_of

        text = files.read(self.path).text
        lines = text.count("\n") + (not text.endswith("\n"))
        if self.line > text.count("\n") + 1:  # editors number the empty line at the end too
            raise FileProblem(
                f"there is no line {self.line}",
                path=self.path,
                hint=f"the file has {lines} {'line' if lines == 1 else 'lines'}",
            )
        build = api.context_of(options, self.path)
        result = api.work([api.job(self.path, text, options, apply=True)])[0]
        for error in result.errors:
            self.output.error(error)
        is_other = self.path.endswith(api.HOLDERS)
        silenced = () if is_other else api.silenced(text, options, self.path, build)
        remarks = remarks_of(result, silenced)
        look = None if is_other else _Look(text, options)
        if self.as_json:
            self._json(remarks, look)
        else:
            self._text(result, remarks, look)
        return (ERROR if result.error else 0) or (REJECTED if result.outcome.problems else OK)

    def _text(self, result: "FixResult", remarks: "list[Remark]", look: "_Look | None") -> None:
        from dockeropt.render.reasons import elsewhere_line, place_lines, remark_lines

        palette = self.output.palette
        shown = [remark for remark in remarks if not self.line or self.line in remark.lines]
        if not self.line:
            shown.sort(key=lambda remark: remark.lines[0])  # stable: what was done stays first
        lines: list[str] = []
        heading = 0
        if self.line and look is not None:
            lines += place_lines(look.at(self.line), self.path, palette)
        for remark in shown:
            if not self.line and remark.lines[0] != heading:
                heading = remark.lines[0]
                lines += ["", *self._heading(look, heading)][not lines :]
            lines += ["", *remark_lines(remark, palette)] if self.line else remark_lines(remark, palette)
        where = f"{printable(self.path)}{f', line {self.line}' if self.line else ''}"
        if not shown and not result.errors:
            lines += [*([""] if lines else []), f"No pass has anything to say about {where}."]
        if self.line and look is not None:
            place = look.at(self.line)
            inside = set(range(place.first, place.last + 1))
            rest = [r for r in remarks if r not in shown and not inside.isdisjoint(r.lines)]
            lines += [*([""] if rest else []), *[elsewhere_line(remark, place) for remark in rest]]
        if shown:
            lines += ["", f"`dockeropt explain {shown[0].code}` tells more."]
        self.output.out("".join(f"{line}\n" for line in lines))

    def _heading(self, look: "_Look | None", line: int) -> list[str]:
        from dockeropt.render.reasons import place_lines

        if look is None:
            return [f"{printable(self.path)}:{line}"]
        return place_lines(look.at(line), self.path, self.output.palette)[:1]

    def _json(self, remarks: "list[Remark]", look: "_Look | None") -> None:
        from dockeropt.render.json_report import explanation

        place = look.at(self.line) if self.line and look is not None else None
        self.output.out(explanation(self.path, self.line, place, remarks))


class _Look:
    """Say what stands in a line of a text."""

    def __init__(self, text: str, options: Options) -> None:
        from dockeropt.model.model import Model

        self._tree = api.parse(text)
        self._model = Model(self._tree, build_args=options.build_args, target=options.target or None)

    def at(self, line: int) -> "Place":
        from dockeropt.render.reasons import place_of

        return place_of(self._tree, self._model, line)
