"""Dockerfiles inside Markdown files: fenced blocks that say so, fixed where they stand.

Invariant: which lines a block has is what a CommonMark parser says; only they are changed, and read again they
hold exactly the text that was wanted. A block without FROM is a fragment: nothing is said of it.
"""

import re
from functools import lru_cache, partial

from dockeropt.interop.embedded import Embedded, Engine, Fixing, Place
from dockeropt.interop.held import Held, Part, Piece
from dockeropt.interop.holes import with_words
from dockeropt.interop.templates import find_holes
from dockeropt.text import Source, Span

_LANGUAGE = re.compile(r"\{?\s*\.?(?:docker|dockerfile|containerfile)(?![\w-])", re.IGNORECASE)


def fix_markdown(text: str, engine: Engine, path: str) -> Embedded:
    """Return what ``engine`` makes of the Dockerfiles inside a Markdown file.

    Args:
        text: The whole file.
        engine: Fixes one Dockerfile.
        path: For messages.
    """
    fixing = Fixing(text, path, engine)
    for number, span in enumerate(fences_in(text)):
        fixing.fix(Place(span, partial(_read, number=number)))
    return fixing.done()


def fences_in(text: str) -> list[Span]:
    """Return where the content of each fenced block stands that is said to be a Dockerfile."""
    if not re.search(r"```|~~~", text):
        return []
    return [span for span, _ in _fences(text)]


@lru_cache(maxsize=2)  # PERF: every block asks about the whole file
def _fences(text: str) -> tuple[tuple[Span, str], ...]:
    from markdown_it import MarkdownIt

    # To the parser a lone \r ends a line as well, and a NUL is another character.
    if "\0" in text or "\r" in text.replace("\r\n", ""):
        return ()
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: list[tuple[Span, str]] = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and token.map is not None and _LANGUAGE.match(token.info.strip()):
            first = token.map[0] + 1
            is_open = bool(token.content) and not token.content.endswith("\n")  # the file ends in it
            last = first + token.content.count("\n") + is_open
            start, end = (
                starts[first] if first < len(starts) else len(text),
                starts[min(last, len(starts) - 1)],
            )
            found.append((Span(min(start, len(text)), min(end, len(text))), token.content))
    return tuple(found)


def _read(source: str, span: Span, *, number: int) -> Held | None:
    """Read the block that is the ``number``-th of the file; ``None`` when it does not stand at ``span``."""
    fences = _fences(source)
    if number >= len(fences) or fences[number][0] != span or span.is_empty:
        return None
    content = fences[number][1]
    pieces: list[Piece] = []
    margins: set[str] = set()
    at = span.start
    lines = content.split("\n")
    for count, text in enumerate(lines):
        if count == len(lines) - 1 and not text:
            break
        end = source.find("\n", at, span.end)
        stop = span.end if end < 0 else end
        written = source[at:stop].removesuffix("\r")
        if not written.endswith(text):
            return None  # a tab that is partly indentation
        begin = at + len(written) - len(text)
        if text:
            margins.add(source[at:begin])
        pieces += [Piece(char, begin + index, begin + index + 1) for index, char in enumerate(text)]
        if count < len(lines) - 1:
            pieces.append(Piece("\n", begin + len(text), min(stop + 1, span.end)))
        at = stop + 1
    if len(margins) > 1:
        return None  # lines with less indentation than their block
    filled = find_holes(pieces, ())
    if filled is None or not pieces:
        return None
    newline = Source(source).newline
    part = Part(span, span, lambda text: text.replace("\n", newline))
    return Held.of(with_words(filled.pieces), [part], span, margin=next(iter(margins), ""))
