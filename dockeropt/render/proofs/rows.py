"""What a proof measured, as rows that text and Markdown share.

Invariant: each number stands here once; the formats only lay it out.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.estimates.records import megabytes
from dockeropt.measure.records import Difference, Rebuild, Side, Verification

SHOWN = 12
"""Differences that are named one by one; the rest is counted."""


class Row(NamedTuple):
    """One measured quantity.

    Args:
        name: What was measured.
        before: Its value before.
        after: Its value after.
        change: The difference, signed, ``""`` for none.
    """

    name: str
    before: str
    after: str
    change: str = ""


def rows_of(found: Verification) -> Iterator[Row]:
    """Yield sizes, layers, times and rebuilds."""
    before, after = found.before, found.after
    if before.image is not None and after.image is not None:
        sizes = before.image.size, after.image.size
        yield Row("size", megabytes(sizes[0]), megabytes(sizes[1]), percent(*sizes))
        if before.compressed is not None and after.compressed is not None:
            packed = before.compressed, after.compressed
            yield Row("compressed", megabytes(packed[0]), megabytes(packed[1]), percent(*packed))
        layers = [sum(1 for layer in image.layers if layer.diff_id) for image in (before.image, after.image)]
        yield Row("layers", str(layers[0]), str(layers[1]), _signed(layers[1] - layers[0]))
    if before.build.ok and after.build.ok:
        yield Row("build from nothing", _seconds(before.build.seconds), _seconds(after.build.seconds))
    after_rebuilds = {(one.what, one.path): one for one in after.rebuilds}
    for one in before.rebuilds:
        other = after_rebuilds.get((one.what, one.path))
        if other is not None:
            yield Row(_rebuild_name(one), _rebuild(one), _rebuild(other), _faster(one, other))


def percent(before: int, after: int) -> str:
    """Return how much larger or smaller something became.

    >>> percent(200, 150), percent(100, 100), percent(0, 5)
    ('-25.0 %', '', '')
    """
    return f"{(after - before) / before * 100:+.1f} %" if before and after != before else ""


def _faster(before: Rebuild, after: Rebuild) -> str:
    if not (before.ok and after.ok):
        return ""
    if before.ran == after.ran:
        return ""
    from statistics import median

    old, new = median(before.seconds), median(after.seconds)
    return f"{(new - old) / old * 100:+.0f} % time" if old else ""


def _rebuild_name(one: Rebuild) -> str:
    if one.what == "nothing":
        return "rebuild, nothing changed"
    return f"rebuild, {one.path} edited" if one.path else f"rebuild, {one.what} edited"


def _rebuild(one: Rebuild) -> str:
    if not one.ok:
        return "failed"
    from statistics import median

    return f"{one.ran} of {one.steps} steps, {_seconds(median(one.seconds))}"


def _seconds(value: float) -> str:
    return f"{value:.1f} s"


def _signed(number: int) -> str:
    return f"{number:+d}" if number else ""


# --- layers ----------------------------------------------------------------------------


class Bar(NamedTuple):
    """One line of the layer picture.

    Args:
        name: The instruction, or what stands for several layers.
        size: In bytes.
    """

    name: str
    size: int


def bars_of(side: Side) -> list[Bar]:
    """Return the layers of an image, those of the base image as one."""
    if side.image is None:
        return []
    real = [layer for layer in side.image.layers if layer.diff_id]
    base, own = real[: side.base_layers], real[side.base_layers :]
    bars = [
        Bar(f"base image, {len(base)} {'layer' if len(base) == 1 else 'layers'}", sum(x.size for x in base))
    ]
    return (bars if base else []) + [Bar(instruction(layer.created_by), layer.size) for layer in own]


def instruction(created_by: str) -> str:
    """Return the instruction that made a layer as people write it, on one line.

    >>> instruction("RUN /bin/sh -c apt-get update # buildkit"), instruction("COPY . /app # buildkit")
    ('RUN apt-get update', 'COPY . /app')
    """
    text = " ".join(created_by.removesuffix("# buildkit").split())
    text = text.replace("|", " ", 1) if text.startswith("|") else text
    if text.startswith("/bin/sh -c #(nop)"):
        return text.removeprefix("/bin/sh -c #(nop)").strip()
    if text.startswith("/bin/sh -c "):
        return f"RUN {text.removeprefix('/bin/sh -c ')}"
    head, separator, tail = text.partition("/bin/sh -c ")
    return f"RUN {tail}" if separator and head.startswith("RUN") else text


# --- what differs ----------------------------------------------------------------------


def grouped(differences: tuple[Difference, ...]) -> list[tuple[str, int, int]]:
    """Return reasons with the number of paths and the bytes, the most frequent first."""
    counts: Counter[str] = Counter(one.why or one.what for one in differences)
    sizes: Counter[str] = Counter()
    for one in differences:
        sizes[one.why or one.what] += one.size
    return [(why, number, sizes[why]) for why, number in counts.most_common()]


def packages_line(found: Verification) -> str:
    """Return what became of the packages, in one sentence; ``""`` for nothing."""
    gone = [one.name for one in found.packages if not one.after]
    come = [one.name for one in found.packages if not one.before]
    moved = [f"{one.name} {one.before} -> {one.after}" for one in found.packages if one.before and one.after]
    parts = [
        f"{len(names)} {word} ({', '.join(names[:SHOWN])}{', …' if len(names) > SHOWN else ''})"
        for word, names in (("removed", gone), ("added", come), ("in another version", moved))
        if names
    ]
    return "; ".join(parts)


def verdict(found: Verification) -> str:
    """Return the outcome as a sentence."""
    if found.proven:
        declared = f"; {len(found.files.of('declared')):,} declared" if found.files else ""
        same = f"{found.files.identical:,} paths identical" if found.files else "nothing to compare"
        return f"Proven: both build, {same}, 0 unexpected differences{declared}."
    return f"Not proven: {'; '.join(found.objections)}."
