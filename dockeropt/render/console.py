"""Results as text for people: rows of findings, coloured diffs, closing sentences.

Colours are plain escape sequences: importing rich takes longer than fixing a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dockeropt.errors import printable
from dockeropt.render.rows import Row

if TYPE_CHECKING:
    from dockeropt.estimates.records import Estimate

GLYPHS: Mapping[str, str] = {"safe": "[*]", "unsafe": "[!]"}
"""What stands before a finding with a fix of that level; ``[ ]`` before all others."""

_PLAIN = {"bold": "", "red": "", "green": "", "yellow": "", "cyan": "", "dim": "", "end": ""}
_COLOURED = {
    "bold": "\x1b[1m", "red": "\x1b[31m", "green": "\x1b[32m", "yellow": "\x1b[33m", "cyan": "\x1b[36m",
    "dim": "\x1b[2m", "end": "\x1b[0m",
}  # fmt: skip


class Palette:
    """Paint text, or leave it alone."""

    __slots__ = ("_codes",)

    def __init__(self, *, coloured: bool) -> None:
        self._codes = _COLOURED if coloured else _PLAIN

    def paint(self, name: str, text: str) -> str:
        """Return ``text`` in the colour called ``name``."""
        code = self._codes[name]
        return f"{code}{text}{self._codes['end']}" if code else text

    def diff(self, text: str) -> str:
        """Return a unified diff with its lines coloured as git does."""
        if not self._codes["red"]:
            return text
        out: list[str] = []
        for line in text.split("\n"):
            if line.startswith(("--- ", "+++ ")):
                out.append(self.paint("bold", line))
            elif line.startswith("@@"):
                out.append(self.paint("cyan", line))
            elif line.startswith(("-", "+")):
                # A carriage return stays outside, or a terminal would paint over the line.
                body = line.removesuffix("\r")
                out.append(self.paint("red" if line[0] == "-" else "green", body) + line[len(body) :])
            else:
                out.append(line)
        return "\n".join(out)


def row_lines(rows: Iterable[Row], path: str, palette: Palette, *, evidence: bool) -> list[str]:
    """Return one line for each row, and one for each piece of evidence below it.

    Args:
        rows: The findings of one file.
        path: The name of the file.
        palette: Colours.
        evidence: Whether to say why a fix may be trusted.
    """
    rows = list(rows)
    name = printable(path)
    places = [f"{name}:{row.line}:{row.column}" for row in rows]
    place_width = max(map(len, places), default=0)
    id_width = max((len(row.pass_id) for row in rows), default=0)
    lines: list[str] = []
    for place, row in zip(places, rows, strict=True):
        glyph = GLYPHS.get(row.applicability, "[ ]") if row.status != "unfixable" else "[ ]"
        colour = {"[*]": "green", "[!]": "yellow"}.get(glyph, "dim")
        lines.append(
            f"{palette.paint('bold', place.ljust(place_width))}  {row.pass_id.ljust(id_width)}  "
            f"{palette.paint(colour, glyph)} {printable(row.message)}{_remark(row)}"
        )
        if evidence:
            if row.title and row.title != row.message:
                lines.append(palette.paint("dim", f"    fix: {printable(row.title)}"))
            lines += [palette.paint("dim", f"    because: {printable(why)}") for why in row.because]
    return lines


def _remark(row: Row) -> str:
    if row.status == "unsafe":
        return " (--unsafe would fix it)"
    if row.status == "conflict":
        return " (it had to give way to another fix)"
    if row.status == "unfixable":
        return " (the configuration keeps it as it is)"
    if row.status == "suggestion" and row.title:
        return " (a suggestion)"
    return ""


# --- closing sentences -----------------------------------------------------------------


def count(number: int, noun: str) -> str:
    """Return ``number`` with its noun: ``1 fix``, ``2 fixes``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}{'es' if noun.endswith('x') else 's'}"


class Tally:
    """Count what happened over all files."""

    def __init__(self) -> None:
        self.files = 0
        self.changed = 0
        self.written = 0
        self.fixes: dict[str, int] = {}
        self.fixable = 0
        self.unsafe = 0
        self.left = 0
        self.refused = 0
        self.findings: dict[str, int] = {}
        self.failed = 0

    @property
    def fixed(self) -> int:
        """Return the number of fixes made or shown."""
        return sum(self.fixes.values())

    def levels(self) -> str:
        """Return how many fixes are safe and how many are not."""
        return ", ".join(f"{number} {level}" for level, number in sorted(self.fixes.items()))


def saving_lines(savings: "Sequence[tuple[str, Sequence[Estimate]]]", heading: str) -> list[str]:
    """Return what the changes save, a line each; the file's name before it when there are several.

    Args:
        savings: Paths with their estimates.
        heading: What to write above, when there is anything to say.
    """
    said = [(path, estimate) for path, estimates in savings for estimate in estimates]
    several = len({path for path, _ in said}) > 1
    lines = [f"  {f'{path}: ' if several else ''}{estimate}" for path, estimate in said]
    return [heading, *map(printable, lines)] if lines else []


def fix_summary(tally: Tally, *, wrote: bool, target: str, saved: Sequence[str] = ()) -> list[str]:
    """Return the closing sentences of ``fix``.

    Args:
        tally: What happened.
        wrote: Whether changes were written.
        target: What to name in the command to type next, ``""`` when there is none.
        saved: Lines that say what the changes save.
    """
    good = tally.files - tally.refused
    if tally.fixed:
        verb = "Applied" if wrote else "Would apply"
        files = tally.written if wrote else tally.changed
        lines = [f"{verb} {count(tally.fixed, 'fix')} in {count(files, 'file')} ({tally.levels()})."]
    else:
        lines = [f"Nothing to change in {count(good, 'file')}." if good else ""]
    lines[-1] = _joined(lines[-1], _refused(tally))
    if tally.unsafe:
        verb = "has" if tally.unsafe == 1 else "have"
        lines[-1] = _joined(
            lines[-1], f"{count(tally.unsafe, 'finding')} {verb} an unsafe fix: see with --unsafe."
        )
    if tally.left:
        verb = "has" if tally.left == 1 else "have"
        lines[-1] = _joined(lines[-1], f"{count(tally.left, 'finding')} {verb} no automatic fix.")
    lines += saved
    if tally.fixed and target:
        some = next(iter(tally.findings), "")
        explain = f", `dockeropt explain {some}` for the reasoning" if some else ""
        unsafe = " --unsafe" if "unsafe" in tally.fixes else ""
        lines.append(f"Run `dockeropt fix --write{unsafe}{target}` to apply{explain}.")
    return [line for line in lines if line]


def _refused(tally: Tally) -> str:
    return f"Left alone: {count(tally.refused, 'file')}, see the error above." if tally.refused else ""


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def check_summary(tally: Tally, *, fixed: bool, saved: Sequence[str] = ()) -> list[str]:
    """Return the closing sentences of ``check``; the arguments are those of :func:`fix_summary`."""
    total = sum(tally.findings.values())
    lines: list[str] = []
    if fixed and tally.fixed:
        lines.append(
            f"Applied {count(tally.fixed, 'fix')} in {count(tally.written, 'file')} ({tally.levels()})."
        )
    good = tally.files - tally.refused
    what = f"Found {count(total, 'finding')}" if total else "Nothing left" if fixed else "Nothing found"
    lines.append(
        _joined(
            f"{what} in {count(tally.files if total else good, 'file')}." if good or total else "",
            _refused(tally),
        )
    )
    if tally.fixable:
        lines.append(f"[*] {tally.fixable} fixable: `dockeropt fix` shows how.")
    if tally.unsafe:
        lines.append(f"[!] {tally.unsafe} fixable with --unsafe.")
    lines += saved
    return [line for line in lines if line]


def statistics(found: Mapping[str, int], fixable: Mapping[str, str]) -> str:
    """Return how often each pass found something, most first.

    Args:
        found: Numbers by pass id.
        fixable: A glyph by pass id.
    """
    width = max((len(str(number)) for number in found.values()), default=0)
    lines = [
        f"{number:>{width}}  {fixable.get(name, '[ ]')}  {name}\n"
        for name, number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]
    return "".join(lines)
