"""Where ``dockerfile-parse`` reads a Dockerfile differently from BuildKit: one list for everyone who needs it.

The second observer says nothing where one of them applies, the differential tests leave them out, the
page ``docs/dockerfile-parse.md`` lists them, and a test shows of each example that the gap is still
there. Invariant: each gap is one line with an example that can be run. Of dockerfile-parse 2.0.1 (2023-07-18);
what Docker makes of the words and values was read from images built by Docker 26.1.5 on 2026-11-24.
"""

from typing import NamedTuple

ODD_SPACE = "\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space to Python's ``\\s`` that BuildKit does not skip, or skips elsewhere."""


class Gap(NamedTuple):
    """One difference.

    Args:
        what: What it does, as the end of "dockerfile-parse: …".
        examples: Dockerfiles that show it.
        pattern: Where in a text it can show; ``""`` when no pattern can tell.
    """

    what: str
    examples: tuple[str, ...]
    pattern: str = ""


DIRECTIVE = Gap(
    "it reads an escape or check directive its own way",
    ("# check=skip=all\n# escape=`\nFROM a\nRUN a `\n  b\n", "# escape=`\nFROM a\nENV P=C:\\temp\\x\n"),
    r"\A(?:[ \t]*\#[^\n]*\n)*?[ \t]*\#[ \t]*(?:escape|check)[ \t]*=",
)
"""The one that stands in comments."""

LINES = (
    Gap(
        "it takes the lines of a heredoc for instructions",
        ("FROM a\nRUN <<EOF\napt-get update\nEOF\n", "FROM a\nCOPY <<EOF /x\nFROM evil\nEOF\n"),
        r"<<",
    ),
    Gap("it takes a byte order mark for a part of the first instruction", ("\ufeffFROM a\n",), r"\A\ufeff"),
    Gap(
        "it takes a doubled escape at the end of a line for a continuation",
        ("FROM a\nRUN dir c:\\\\\nUSER b\n",),
        r"\\\\[ \t\r]*$",
    ),
    Gap(
        "it drops an instruction that is still open at the end",
        ("FROM a\nRUN echo \\\n", "FROM a\nRUN echo \\"),
        r"\\[ \t\r\n]*\Z",
    ),
    Gap(
        "a blank line inside an instruction ends it there",
        ("FROM a\nRUN a \\\n\n  && b\n", "FROM a\nRUN a \\\n# c\n\n  && b\n"),
        r"\\[ \t\r]*\n[ \t\r]*$",
    ),
    Gap(
        "it takes a line that is nothing but an escape for an instruction",
        ('FROM a\nCMD ["a"]\n\\\nCMD ["b"]\n',),
        r"^[ \t]*\\[ \t\r]*$",
    ),
    Gap(
        "it takes an escape right behind the keyword for a part of it",
        ("FROM a\nRUN\\\n echo\n",),
        r"^[ \t]*[^\s\\]+\\[ \t\r]*$",
    ),
    Gap(
        "it takes other characters for white space",
        ("FROM a\nRUN a \\\xa0\n  b\n",),
        rf"[{ODD_SPACE}]|\r(?!\n)",
    ),
)
"""Those that change which instructions there are, and in which lines; in a text without its comments."""

WORDS = (
    Gap("it keeps an escape inside of quotes", ('FROM scratch\nENV A="\\$x"\n',), r"\\"),
    Gap(
        "it does not know ${name:-word} and its like",
        ("FROM scratch\nENV A=${B:-def}\n", "FROM scratch\nENV A=${B:+x}\n"),
        r"\$\{\w+[^\w}]",
    ),
    Gap(
        "it drops a $ that no name follows, or reads it in another way",
        ("FROM scratch\nENV A=x$\n", "FROM scratch\nENV A=$=\n", "FROM scratch\nENV A=$$y\n"),
        r"\$(?![A-Za-z_{])",
    ),
)
"""Those that change what is read from a word of FROM, ARG, ENV or LABEL."""

VALUES = (
    Gap(
        "a stage has nothing of the stage that it is built on",
        ("FROM scratch AS b\nENV A=1\nFROM b\n",),
    ),
    Gap(
        "an ARG does not hide an ENV of the same name that stands above it",
        ("FROM scratch\nENV A=1\nARG A=2\nENV B=$A\n",),
    ),
    Gap(
        "it raises ValueError for a pair without =, and then knows no variable at all",
        ("FROM scratch\nENV A=1 B\n",),
    ),
)
"""Those that no text shows; they are the same before and after a change, so nothing is left out for them."""

UNFINISHED = Gap("it skips a last line of one word without a line end", ("FROM a\nRUN b\nUSER",))
"""No file that BuildKit accepts ends in that way."""

COMMENTS = Gap("it keeps the carriage return at the end of a comment", ("# a\r\nFROM b\r\n",))
"""Nobody's build depends on it; ``structure`` leaves it out."""

GAPS = (DIRECTIVE, *LINES, *WORDS, *VALUES, UNFINISHED, COMMENTS)

DOUBTFUL = "|".join([gap.pattern for gap in WORDS])
"""Words that it may expand in its own way."""
