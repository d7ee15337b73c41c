"""A proof as Markdown, for a comment in a pull request."""

from dockeropt.estimates.records import megabytes
from dockeropt.measure.records import Verification
from dockeropt.render.markdowntext import code, escaped, fence
from dockeropt.render.proofs.rows import SHOWN, bars_of, grouped, packages_line, rows_of, verdict


def markdown_of(found: Verification) -> str:
    """Return the report of a proof as GitHub and GitLab show it."""
    mark = "✅" if found.proven else "❌"
    lines = [
        f"### {mark} {escaped(found.names[0])} → {escaped(found.names[1])}",
        "",
        f"{escaped(verdict(found))} Built with {found.engine}.",
        "",
        "| | before | after | change |",
        "| --- | ---: | ---: | ---: |",
        *[f"| {escaped(row.name)} | {row.before} | {row.after} | {row.change} |" for row in rows_of(found)],
    ]
    files = found.files
    if files is not None:
        lines += ["", "| files | paths | size |", "| --- | ---: | ---: |"]
        lines.append(f"| identical | {files.identical:,} | |")
        for kind in ("declared", "noise", "unexpected"):
            differences = files.of(kind)
            lines.append(f"| {kind} | {len(differences):,} | {_size(sum(one.size for one in differences))} |")
        for one in files.of("unexpected")[:SHOWN]:
            lines.append(f"* {code(one.path)}: {one.what} {code(one.before)} → {code(one.after)}")
    if found.config:
        lines += ["", "**Image configuration**", ""]
        for change in found.config:
            lines.append(
                f"* {code(change.field)}: {code(change.before or 'not set')} → "
                f"{code(change.after or 'not set')}{'' if change.declared else ' (not declared)'}"
            )
    packages = packages_line(found)
    if packages:
        lines += ["", f"**Packages**: {escaped(packages)}"]
    lines += _failure(found)
    lines += _details(found)
    if found.notes:
        lines += ["", *[f"* {escaped(note)}" for note in found.notes]]
    return "\n".join(lines) + "\n"


def _failure(found: Verification) -> list[str]:
    for side in (found.before, found.after):
        if not side.build.ok:
            output = (side.build.reason or side.build.output[-2000:]).strip()
            ticks = fence(output)
            return [
                "",
                f"The build failed at {code(side.build.failed or 'a step')}:",
                "",
                ticks,
                output,
                ticks,
            ]
    return []


def _details(found: Verification) -> list[str]:
    lines = ["", "<details><summary>Layers and declared differences</summary>", ""]
    for title, side in (("before", found.before), ("after", found.after)):
        bars = bars_of(side)
        if bars:
            lines += [f"| layers {title} | size |", "| --- | ---: |"]
            lines += [f"| {code(bar.name[:100], in_table=True)} | {megabytes(bar.size)} |" for bar in bars]
            lines.append("")
    if found.files is not None and found.files.of("declared"):
        lines += ["| declared because of | paths | size |", "| --- | ---: | ---: |"]
        lines += [
            f"| {escaped(why)} | {number:,} | {_size(size)} |"
            for why, number, size in grouped(found.files.of("declared"))[:20]
        ]
        lines.append("")
    return [*lines, "</details>"]


def _size(size: int) -> str:
    return f"{'+' if size > 0 else '-'}{megabytes(abs(size))}" if size else ""
