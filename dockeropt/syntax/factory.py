r"""Write new pieces of a Dockerfile with the quoting that Docker reads back unchanged.

Invariant: what a function here writes, the parser reads as one word (pair, array, flag), and
Docker's expansion turns into the very value that was given. Tested with random values against
the parser and the model's expansion, for both escape characters.
"""

import re
from collections.abc import Iterable
from functools import cache

from dockeropt.syntax.gotext import SPACES

_JSON = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z0-9_./:@%+,-]+\Z")


@cache
def _json_special() -> re.Pattern[str]:
    return re.compile(r'["\\\x00-\x1f]')


def quote_value(text: str, escape: str = "\\") -> str:
    r"""Return ``text`` as a value of ENV, LABEL or ARG that Docker takes literally.

    Args:
        text: The value; it must not hold a line end.
        escape: The escape character of the file.

    Raises:
        ValueError: The value holds a line end, which no instruction can.

    >>> print(quote_value('say "hi" for $5'))
    "say \"hi\" for \$5"
    """
    if "\n" in text or "\r" in text:
        raise ValueError("a value cannot hold a line end")
    return text if _bare().match(text) else _quoted(text, escape)


def _quoted(text: str, escape: str) -> str:
    for special in (escape, '"', "$"):
        text = text.replace(special, escape + special)
    return f'"{text}"'


def pair(name: str, value: str, escape: str = "\\") -> str:
    """Return ``name=value`` for ENV, LABEL or ARG.

    Args:
        name: Quoted if it needs to be, as names of labels may.
        value: See :func:`quote_value`.
        escape: The escape character of the file.

    Raises:
        ValueError: The name is empty or holds ``=``, or one of both holds a line end.

    >>> pair("GREETING", "hello world")
    'GREETING="hello world"'
    """
    if not name or "=" in name:
        raise ValueError(f"{name!r} is no name")
    # A bare name with dashes in front would be read as a flag.
    written = _quoted(name, escape) if name.startswith("--") else quote_value(name, escape)
    return f"{written}={quote_value(value, escape)}"


def json_array(values: Iterable[str]) -> str:
    """Return the exec form of ``values``; any text is allowed, line ends too.

    >>> json_array(["python", "app.py"])
    '["python", "app.py"]'
    """
    special = _json_special()
    return "[" + ", ".join([f'"{special.sub(_json_char, value)}"' for value in values]) + "]"


def _json_char(match: re.Match[str]) -> str:
    char = match.group()
    return _JSON.get(char) or f"\\u{ord(char):04x}"


def flag(name: str, value: str | None = None, escape: str = "\\") -> str:
    """Return a leading ``--name`` or ``--name=value`` of an instruction.

    Args:
        name: Without dashes.
        value: Variables in it stay variables.
        escape: The escape character of the file.

    Raises:
        ValueError: The value holds a line end, or other characters than ASCII: BuildKit reads flags
            byte by byte and makes two characters of an ``é``.

    >>> flag("mount", "type=bind,source=my dir,target=/x")
    '--mount="type=bind,source=my dir,target=/x"'
    """
    if value is None:
        return f"--{name}"
    if "\n" in value or "\r" in value or not value.isascii():
        raise ValueError("a flag can hold neither a line end nor other characters than ASCII")
    for special in (escape, '"'):
        value = value.replace(special, escape + special)
    if "'" in value or any(char in SPACES for char in value):
        value = f'"{value}"'
    return f"--{name}={value}"


def copy_arguments(sources: Iterable[str], destination: str) -> str:
    """Return sources and destination of COPY or ADD, in JSON form if one of them needs it.

    Wildcards and variables in the paths stay what they are.

    >>> copy_arguments(["a", "b"], "/c/")
    'a b /c/'
    >>> copy_arguments(["my file"], "/c/")
    '["my file", "/c/"]'
    """
    paths = [*sources, destination]
    text = " ".join(paths)
    plain = all(path and not any(char in SPACES for char in path) for path in paths)
    # As words these would be flags, an array, a here-document, or continue on the next line.
    misread = text.startswith(("--", "[")) or "<<" in text or text.endswith(("\\", "`"))
    return text if plain and not misread else json_array(paths)


def heredoc(body: str, name: str = "EOF", *, expand: bool = False) -> tuple[str, str]:
    """Return the opener of a here-document and the lines that follow the instruction.

    Args:
        body: What it holds; it ends with a line end, or gets one.
        name: The terminator; underscores are added while a line of ``body`` says just that.
        expand: Whether variables in ``body`` are replaced.

    >>> heredoc("set -e\\nmake\\n")
    ("<<'EOF'", 'set -e\\nmake\\nEOF\\n')
    """
    lines = {line.rstrip("\r") for line in body.split("\n")}
    while name in lines:
        name += "_"
    end = "" if body.endswith("\n") or not body else "\n"
    return (f"<<{name}" if expand else f"<<'{name}'"), f"{body}{end}{name}\n"
