"""``docs/results.md`` from what was measured."""

import statistics
from typing import Any

Record = dict[str, Any]

LATER = frozenset({"fastapi-inventory", "node-chat", "typescript-tickets"})
"""Examples that were added or changed after the rebuilds of the others had been seen."""


def page(records: list[Record]) -> str:
    """Return the page."""
    good = [record for record in records if "failed" not in record]
    lines = [
        "# Results",
        "",
        "Written by `make prove`, which builds every project under `examples/` with a real engine: the",
        "original twice, what the safe fixes make of it, what `fix --verify --unsafe` keeps, and what the peers",
        "make of it. Nothing here is estimated. Times depend on the machine; sizes hardly do.",
        "",
        *_summary(good),
        "",
        "## Safe fixes",
        "",
        "| example | size | safe | saved | rebuild after an edit | after safe fixes | unexpected differences | fixes |",
        "| --- | ---: | ---: | ---: | --- | --- | ---: | --- |",
        *[_safe(record) for record in good],
        "",
        "## All fixes, kept by the builds",
        "",
        "| example | size | `--unsafe --verify` | saved | smoke test | rolled back | fixes |",
        "| --- | ---: | ---: | ---: | --- | --- | --- |",
        *[_unsafe(record) for record in good],
        "",
        "## Peers on the same projects, in the same run",
        "",
        "Each peer runs on a copy of the same folder. *Differences* are files, modes, owners, packages and",
        "configuration that are not the same as in the original image, caches and noise left out; a peer does not",
        "declare what it changes, so all of them count.",
        "",
        *_peers(good),
        "",
        "## What is different after the peers",
        "",
        *_broken(good),
    ]
    failed = [record["name"] for record in records if "failed" in record]
    if failed:
        lines += ["", f"Did not build, and so were not measured: {', '.join(failed)}."]
    return "\n".join(lines).rstrip() + "\n"


def _summary(records: list[Record]) -> list[str]:
    if not records:
        return ["Nothing was measured."]
    engine = records[0]["safe"]["engine"]
    safe = [_saved(r["safe"]) for r in records]
    unsafe = [_saved(_final(r)) for r in records]
    faster = {
        r["name"]: value for r in records if r["installs"] and (value := _faster(r["safe"])) is not None
    }
    first = [value for name, value in faster.items() if name not in LATER]
    unexpected = sum(_unexpected(r["safe"]) for r in records)
    proven = sum(r["safe"]["proven"] for r in records)
    lines = [
        f"* {len(records)} builds with {engine}.",
        (
            f"* Safe fixes: {proven} of {len(records)} proven, {unexpected} unexpected differences,"
            f" {statistics.mean(safe):.1f} % smaller in the mean."
        ),
        (
            f"* `fix --verify --unsafe`: {sum(_final(r)['proven'] for r in records)} of {len(records)} proven,"
            f" {statistics.mean(unsafe):.1f} % smaller in the mean,"
            f" fixes rolled back: {sum(len(r['unsafe']['rolled_back']) for r in records)}."
        ),
    ]
    if faster and first:
        lines.append(
            "* Rebuild after an edit of a source file, safe fixes, where the build installs dependencies:"
            f" {statistics.median(faster.values()):.0f} % less time in the median of {len(faster)} projects."
            f" {', '.join(sorted(LATER))} were added or changed after the others had been measured;"
            f" without them it is {statistics.median(first):.0f} % ({len(first)} projects)."
        )
    return lines


def _final(record: Record) -> Record:
    found: Record = record["unsafe"]["verification"] or record["safe"]
    return found


def _saved(found: Record) -> float:
    before, after = found["before"]["size"], found["after"]["size"]
    return (before - after) / before * 100 if before and after else 0.0


def _edit(side: Record) -> Record | None:
    return next((one for one in side["rebuilds"] if one["what"] == "source"), None)


def _faster(found: Record) -> float | None:
    before, after = _edit(found["before"]), _edit(found["after"])
    if before is None or after is None:
        return None
    old, new = float(statistics.median(before["seconds"])), float(statistics.median(after["seconds"]))
    return (old - new) / old * 100


def _unexpected(found: Record) -> int:
    files = found["files"]
    config = sum(not one["declared"] for one in found["config"])
    return (files["unexpected"] if files else 0) + config


def _rebuild(side: Record) -> str:
    one = _edit(side)
    if one is None:
        return "no source"
    return f"{one['ran']} of {one['steps']} steps, {statistics.median(one['seconds']):.1f} s"


def _safe(record: Record) -> str:
    found = record["safe"]
    sizes = found["before"]["size"], found["after"]["size"]
    return (
        f"| [{record['name']}](../examples/{record['name'].split('/')[0]}) | {_mb(sizes[0])} | {_mb(sizes[1])} |"
        f" {_saved(found):z.1f} % | {_rebuild(found['before'])} | {_rebuild(found['after'])} |"
        f" {_unexpected(found)} | {', '.join(found['fixes']) or 'none'} |"
    )


def _unsafe(record: Record) -> str:
    found = _final(record)
    smoke = found["after"]["smoke"]
    word = "none" if smoke is None else "passes" if not smoke["code"] else f"exit code {smoke['code']}"
    gone = sorted({one["code"] for one in record["unsafe"]["rolled_back"]})
    return (
        f"| {record['name']} | {_mb(found['before']['size'])} | {_mb(found['after']['size'])} | {_saved(found):z.1f} % |"
        f" {word} | {', '.join(gone) or 'none'} | {', '.join(record['unsafe']['fixes']) or 'none'} |"
    )


def _peers(records: list[Record]) -> list[str]:
    names = list(dict.fromkeys(name for record in records for name in record["peers"]))
    if not names:
        return ["No peer was installed."]
    lines = [
        "| | changed | still build | smoke and images as before | files that differ | size saved, mean |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for title, level in (("dockeropt, safe", "safe"), ("dockeropt --unsafe --verify", "unsafe")):
        found = [record["safe"] if level == "safe" else _final(record) for record in records]
        undeclared = sum(_unexpected(one) for one in found)
        saved = statistics.mean(_saved(one) for one in found)
        changed = sum(bool(record[level]["fixes"]) for record in records)
        lines.append(
            f"| **{title}** | {changed} | {sum(one['after']['builds'] for one in found)} of {len(found)} |"
            f" {sum(one['proven'] for one in found)} of {len(found)} | {undeclared} undeclared | {saved:z.1f} % |"
        )
    for name in names:
        theirs = [record["peers"][name] for record in records if name in record["peers"]]
        built = [one for one in theirs if one["builds"]]
        saved = statistics.mean(
            (one["size_before"] - one["size"]) / one["size_before"] * 100 if one["builds"] else 0
            for one in theirs
        )
        files = sum(one["files"]["unexpected"] for one in built if one["files"])
        lines.append(
            f"| {name} | {sum(one['changed'] for one in theirs)} | {len(built)} of {len(theirs)} |"
            f" {sum(one['proven'] for one in theirs)} of {len(theirs)} | {files} | {saved:z.1f} % |"
        )
    return lines


def _broken(records: list[Record]) -> list[str]:
    lines: list[str] = []
    for record in records:
        for name, one in record["peers"].items():
            if not one["proven"]:
                reasons = "; ".join(str(reason).replace("|", "\\|") for reason in one["objections"][:3])
                lines.append(f"* {record['name']}, {name}: {reasons}.")
    return lines or ["Nothing."]


def _mb(size: int | None) -> str:
    return f"{size / 1e6:,.0f} MB" if size else "failed"
