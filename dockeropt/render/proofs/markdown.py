"""A proof as Markdown, for a comment in a pull request."""

from dockeropt.estimates.records import megabytes
from dockeropt.measure.records import Verification
from dockeropt.render.proofs.rows import SHOWN, bars_of, grouped, packages_line, rows_of, verdict


def markdown_of(found: Verification) -> str:
    """Return the report of a proof as GitHub and GitLab show it."""
    mark = "✅" if found.proven else "❌"
    lines = [
        f"### {mark} {_escaped(found.names[0])} → {_escaped(found.names[1])}",
        "",
        f"{_escaped(verdict(found))} Built with {found.engine}.",
        "",
        "| | before | after | change |",
        "| --- | ---: | ---: | ---: |",
        *[f"| {_escaped(row.name)} | {row.before} | {row.after} | {row.change} |" for row in rows_of(found)],
    ]
    files = found.files
    if files is not None:
        lines += ["", "| files | paths | size |", "| --- | ---: | ---: |"]
        lines.append(f"| identical | {files.identical:,} | |")
        for kind in ("declared", "noise", "unexpected"):
            differences = files.of(kind)
            lines.append(f"| {kind} | {len(differences):,} | {_size(sum(one.size for one in differences))} |")
        for one in files.of("unexpected")[:SHOWN]:
            lines.append(f"* {_code(one.path)}: {one.what} {_code(one.before)} → {_code(one.after)}")
    if found.config:
        lines += ["", "**Image configuration**", ""]
        for change in found.config:
            lines.append(
                f"* {_code(change.field)}: {_code(change.before or 'not set')} → "
                f"{_code(change.after or 'not set')}{'' if change.declared else ' (not declared)'}"
            )
    packages = packages_line(found)
    if packages:
        lines += ["", f"**Packages**: {_escaped(packages)}"]
    lines += _failure(found)
    lines += _details(found)
    if found.notes:
        lines += ["", *[f"* {_escaped(note)}" for note in found.notes]]
    return "\n".join(lines) + "\n"


def _failure(found: Verification) -> list[str]:
    for side in (found.before, found.after):
        if not side.build.ok:
            output = (side.build.reason or side.build.output[-2000:]).strip()
            fence = "`" * max(3, _longest_run(output) + 1)
            return [
                "",
                f"The build failed at {_code(side.build.failed or 'a step')}:",
                "",
                fence,
                output,
                fence,
            ]
    return []


def _details(found: Verification) -> list[str]:
    lines = ["", "<details><summary>Layers and declared differences</summary>", ""]
    for title, side in (("before", found.before), ("after", found.after)):
        bars = bars_of(side)
        if bars:
            lines += [f"| layers {title} | size |", "| --- | ---: |"]
            lines += [f"| {_code(bar.name[:100])} | {megabytes(bar.size)} |" for bar in bars]
            lines.append("")
    if found.files is not None and found.files.of("declared"):
        lines += ["| declared because of | paths | size |", "| --- | ---: | ---: |"]
        lines += [
            f"| {_escaped(why)} | {number:,} | {_size(size)} |"
            for why, number, size in grouped(found.files.of("declared"))[:20]
        ]
        lines.append("")
    return [*lines, "</details>"]


def _size(size: int) -> str:
    return f"{'+' if size > 0 else '-'}{megabytes(abs(size))}" if size else ""


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    for char in "\\`*_[]<>|#":
        text = text.replace(char, f"\\{char}")
    return " ".join(text.split())


def _code(text: str) -> str:
    """Return text as inline code, also inside a table."""
    text = " ".join(text.split()).replace("|", "\\|")
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def _longest_run(text: str) -> int:
    import re

    return max((len(run) for run in re.findall("`+", text)), default=0)
