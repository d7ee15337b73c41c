r"""Unified diffs that ``git apply`` and ``patch`` accept for any pair of texts.

Invariant: applying ``unified(a, b)`` to ``a`` gives ``b``, byte for byte: lines end at
``\n`` only (form feeds and other Unicode line ends stay inside a line), carriage returns are
part of the line, and a missing final newline is marked as git marks it.
"""

from collections.abc import Iterator

Opcode = tuple[int, int, int, int]
"""A changed place: lines ``a[i:j]`` become ``b[k:m]``, as ``(i, j, k, m)``."""

_LARGE = 2000


def unified(
    before: str | None,
    after: str,
    path: str,
    *,
    context: int = 3,
    prefix: tuple[str, str] = ("a/", "b/"),
) -> str:
    r"""Return the unified diff of two texts, ``""`` when they are equal.

    Args:
        before: The old text, ``None`` when there is no such file yet.
        after: The new text.
        path: The name for the header, relative, with slashes.
        context: How many unchanged lines to show around a change.
        prefix: What stands before the old and the new name.

    >>> print(unified("FROM a\nUSER b", "FROM a\nUSER c\n", "Dockerfile"), end="")
    --- a/Dockerfile
    +++ b/Dockerfile
    @@ -1,2 +1,2 @@
     FROM a
    -USER b
    \ No newline at end of file
    +USER c
    """
    if before == after:
        return ""
    old, new = lines_of(before or ""), lines_of(after)
    old_name = "/dev/null" if before is None else header_name(prefix[0] + path)
    out = [f"--- {old_name}\n", f"+++ {header_name(prefix[1] + path)}\n"]
    for group in _groups(list(changes(old, new)), context):
        start, stop = max(group[0][0] - context, 0), min(group[-1][1] + context, len(old))
        new_start, new_stop = max(group[0][2] - context, 0), min(group[-1][3] + context, len(new))
        # Near the start of the file both sides begin at line 1.
        out.append(f"@@ -{_range(start, stop)} +{_range(new_start, new_stop)} @@\n")
        at = start
        for i, j, k, m in group:
            out += [_line(" ", line) for line in old[at:i]]
            out += [_line("-", line) for line in old[i:j]]
            out += [_line("+", line) for line in new[k:m]]
            at = j
        out += [_line(" ", line) for line in old[at:stop]]
    return "".join(out)


def lines_of(text: str) -> list[str]:
    r"""Return the lines of ``text``, each with its ``\n``; the last one perhaps without."""
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def header_name(name: str) -> str:
    r"""Return a file name as git writes it in a header.

    Quoted, with octal escapes, when it holds a quote, a backslash, a control character or
    anything beyond ASCII; followed by a tab when it holds a blank, so that it has an end.

    >>> print(header_name("a/naïve"))
    "a/na\303\257ve"
    """
    if name.isascii() and name.isprintable() and '"' not in name and "\\" not in name:
        return name + "\t" if " " in name else name
    out: list[str] = []
    for byte in name.encode("utf-8", "surrogateescape"):
        char = chr(byte)
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        else:
            out.append(char if 32 <= byte < 127 else f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f",
    "\r": "\\r",
}  # fmt: skip


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _range(start: int, stop: int) -> str:
    """Return ``start,count`` as unified diffs want it: an empty range names the line before."""
    count = stop - start
    if count == 1:
        return str(start + 1)
    return f"{start + 1 if count else start},{count}"


def _groups(opcodes: list[Opcode], context: int) -> Iterator[list[Opcode]]:
    """Yield the changes that share a hunk: no more than twice the context between them."""
    group: list[Opcode] = []
    for opcode in opcodes:
        if group and opcode[0] - group[-1][1] > 2 * context:
            yield group
            group = []
        group.append(opcode)
    if group:
        yield group


def changes(old: list[str], new: list[str]) -> Iterator[Opcode]:
    """Yield the places where two lists of lines differ, in order.

    Cost: near linear. What is equal at both ends is set aside first; a large rest is cut
    at lines that occur once in both, as patience diff does, before ``difflib``, which is
    quadratic at worst, sees the pieces.
    """
    start, old_stop, new_stop = 0, len(old), len(new)
    while start < old_stop and start < new_stop and old[start] == new[start]:
        start += 1
    while old_stop > start and new_stop > start and old[old_stop - 1] == new[new_stop - 1]:
        old_stop -= 1
        new_stop -= 1
    anchors: list[tuple[int, int]] = []
    if old_stop - start + new_stop - start > _LARGE:
        anchors = _anchors(old, new, start, old_stop, new_stop)
    i, k = start, start
    for j, m in (*anchors, (old_stop, new_stop)):
        yield from _compare(old, new, i, j, k, m)
        i, k = j, m


def _compare(old: list[str], new: list[str], i: int, j: int, k: int, m: int) -> Iterator[Opcode]:
    if i == j or k == m:
        if i != j or k != m:
            yield i, j, k, m
        return
    from difflib import SequenceMatcher

    for tag, a, b, c, d in SequenceMatcher(None, old[i:j], new[k:m]).get_opcodes():
        if tag != "equal":
            yield i + a, i + b, k + c, k + d


def _anchors(
    old: list[str], new: list[str], start: int, old_stop: int, new_stop: int
) -> list[tuple[int, int]]:
    """Return pairs of equal lines that occur once on each side, ascending on both sides."""
    once_old = _once(old, start, old_stop)
    once_new = _once(new, start, new_stop)
    pairs = [(at, once_new[line]) for line, at in once_old.items() if line in once_new]
    return _longest_ascending(pairs)


def _once(lines: list[str], start: int, stop: int) -> dict[str, int]:
    """Return the lines that occur once, with their index, ascending."""
    found: dict[str, int] = {}
    for at in range(start, stop):
        found[lines[at]] = -1 if lines[at] in found else at
    return {line: at for line, at in found.items() if at >= 0}


def _longest_ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest sublist whose second numbers ascend; the first ones do already."""
    from bisect import bisect_left

    tails: list[int] = []
    tail_of: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        length = bisect_left(tails, value)
        before.append(tail_of[length - 1] if length else -1)
        if length == len(tails):
            tails.append(value)
            tail_of.append(index)
        else:
            tails[length] = value
            tail_of[length] = index
    chain: list[tuple[int, int]] = []
    at = tail_of[-1] if tail_of else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
