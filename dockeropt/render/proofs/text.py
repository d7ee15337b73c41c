"""A proof as text: a table, the layers as bars, what differs, the verdict."""

from dockeropt.errors import printable
from dockeropt.estimates.records import megabytes
from dockeropt.measure.records import Side, Verification
from dockeropt.render.console import Palette
from dockeropt.render.proofs.rows import SHOWN, bars_of, grouped, packages_line, rows_of, verdict

WIDTH = 24
"""Columns of the longest bar."""
NAME = 58
"""Columns of an instruction beside its bar."""


def text_of(found: Verification, palette: Palette, *, verbose: bool = False) -> str:
    """Return the report of a proof.

    Args:
        found: What was measured.
        palette: Colours.
        verbose: Whether to name all differences, noise and declared ones too.
    """
    lines = [palette.paint("bold", f"{found.names[0]}  ->  {found.names[1]}   ({found.engine})"), ""]
    lines += _table(found, palette)
    largest = max([bar.size for side in (found.before, found.after) for bar in bars_of(side)], default=0)
    for title, side in (("before", found.before), ("after", found.after)):
        lines += _layers(title, side, largest, palette)
    lines += _failures(found)
    lines += _files(found, palette, verbose=verbose)
    lines += _rest(found)
    colour = "green" if found.proven else "red"
    lines += ["", palette.paint(colour, verdict(found))]
    return "\n".join([printable(line) if "\x1b" not in line else line for line in lines]) + "\n"


def _table(found: Verification, palette: Palette) -> list[str]:
    rows = list(rows_of(found))
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    lines = []
    for row in rows:
        colour = "green" if row.change.startswith("-") else "dim"
        change = f"   {palette.paint(colour, row.change)}" if row.change else ""
        lines.append(
            f"  {row.name.ljust(widths[0])}   {row.before.rjust(widths[1])}  ->  "
            f"{row.after.rjust(widths[2])}{change}".rstrip()
        )
    return lines


def _layers(title: str, side: Side, largest: int, palette: Palette) -> list[str]:
    bars = bars_of(side)
    if not bars:
        return []
    lines = ["", palette.paint("bold", f"  layers {title}")]
    for bar in bars:
        length = round(bar.size / largest * WIDTH) if largest else 0
        picture = "█" * length if length else ("▏" if bar.size else " ")
        name = printable(bar.name)
        name = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
        lines.append(f"  {megabytes(bar.size):>9} {palette.paint('cyan', picture.ljust(WIDTH))} {name}")
    return lines


def _failures(found: Verification) -> list[str]:
    for side in (found.before, found.after):
        if not side.build.ok:
            lines = ["", f"  the build failed{f' at {side.build.failed}' if side.build.failed else ''}:"]
            shown = (side.build.reason or side.build.output[-2000:]).strip().splitlines()
            return lines + [f"    {printable(line)}" for line in shown[-15:]]
    return []


def _files(found: Verification, palette: Palette, *, verbose: bool) -> list[str]:
    files = found.files
    if files is None:
        return []
    lines = ["", f"  {files.identical:,} paths identical"]
    for kind in ("declared", "noise", "unexpected"):
        differences = files.of(kind)
        if not differences:
            continue
        size = sum(one.size for one in differences)
        change = f", {'+' if size > 0 else '-'}{megabytes(abs(size))}" if size else ""
        colour = "red" if kind == "unexpected" else "dim"
        lines.append(f"  {palette.paint(colour, f'{len(differences):,} {kind}{change}')}")
        if kind == "unexpected" or verbose:
            shown = differences if verbose else differences[:SHOWN]
            lines += [
                printable(f"    {one.path}: {one.what} {one.before} -> {one.after}".rstrip())
                + (f" ({one.why})" if one.why else "")
                for one in shown
            ]
            if len(differences) > len(shown):
                lines.append(f"    and {len(differences) - len(shown)} more (all with --verbose)")
        else:
            lines += [f"    {number:,}  {why}" for why, number, _ in grouped(differences)[:5]]
    return lines


def _rest(found: Verification) -> list[str]:
    lines: list[str] = []
    packages = packages_line(found)
    if packages:
        lines.append(f"  packages: {packages}")
    for one in found.config:
        mark = "declared" if one.declared else "NOT declared"
        lines.append(f"  config {one.field}: {one.before or 'not set'} -> {one.after or 'not set'} ({mark})")
    for smoke, side in ((found.before.smoke, "before"), (found.after.smoke, "after")):
        if smoke is not None:
            ports = f", listens on {', '.join(map(str, smoke.ports))}" if smoke.ports else ""
            health = f", {smoke.health}" if smoke.health else ""
            lines.append(f"  container {side}: {smoke.state}, exit code {smoke.code}{health}{ports}")
    return [*lines, *[f"  note: {note}" for note in found.notes]]
