"""What the shells' lexers know: character classes, reserved words, operators, per dialect.

Invariant: every pattern is linear on any input (possessive repeats, no nested choice), and
is matched with an end position, so that the inside of backticks can be read in place.

Sources: POSIX.1-2017 XCU 2 (Shell Command Language); dash 0.5.12, busybox ash 1.35 and
bash 5.2, asked with ``-n`` and by execution.
"""

import re
from functools import cache

from dockeropt.shell.nodes import Dialect

_END = r"(?=[ \t\n;&|()<>]|\\\n|\Z)"

BLANKS = re.compile(r"(?:[ \t]|\\\n)*+")
"""Blanks between tokens; a continued line is one."""

PLAIN = re.compile(r"(?:[ \t]|\\\n)*+([^\s\\'\"`$|&;()<>\[{}*?~#]++)(?=[ \t\n;&|)]|\Z)")
"""A word with nothing to expand or unquote, and the blanks before it: the fast path."""

RUN = re.compile(r"[^\\'\"`$|&;()<> \t\n]++")
"""Plain characters inside a word."""

QUOTED_RUN = re.compile(r"[^\\\"`$]++")
SIMPLE_DOUBLE = re.compile(r'"([^\\"`$]*+)"')
BACKTICKS = re.compile(r"`((?:[^`\\]++|\\.)*+)`", re.DOTALL)
HEREDOC_RUN = re.compile(r"[^\\`$]++")
BRACE_RUN = re.compile(r"[^\\'\"`$}]++")
ARITH_RUN = re.compile(r"[^\\'\"`$()]++")
OLD_ARITH_RUN = re.compile(r"[^\\'\"`$\[\]]++")
GLOB_RUN = re.compile(r"[^\\'\"`$()]++")
COMMENT = re.compile(r"#[^\n]*+")

VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*+)|([0-9@*#?$!-])|\{([A-Za-z_][A-Za-z0-9_]*+)\})")
"""``$name``, ``$1``, ``${name}``: the name is in one of the three groups."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
QUOTING = re.compile(r"[\\'\"]")
NUMBERED = re.compile(r"[0-9]++(?=[<>])")
BINARY_TESTS = frozenset(
    ["=", "==", "!=", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]
)

STOP_WORDS = frozenset(["then", "else", "elif", "fi", "do", "done", "esac", "}"])
"""Reserved words that end a list of statements."""

DECLARATIONS = frozenset(["declare", "typeset", "local", "export", "readonly", "alias", "eval", "let"])
"""Bash builtins whose arguments may be array assignments."""

_RESERVED = "if|then|elif|else|fi|for|in|do|done|while|until|case|esac|[!{}]"


@cache
def parameter_head() -> "re.Pattern[str]":
    """Return the pattern of prefix, name and operator of ``${…``.

    What it does not match is a bad substitution.
    """
    return re.compile(
        r"\$\{(#(?=(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*?$!#-])[}\[])|!(?=[A-Za-z0-9_@*#]))?"
        r"([A-Za-z_][A-Za-z0-9_]*+|[0-9]++|[@*#?$!-])"
        r"(\[|:?[-=+?]|##?|%%?|//?|\^\^?|,,?|@[A-Za-z]|[@*](?=\})|:|(?=\}))"
    )


@cache
def ansi_quoted() -> "re.Pattern[str]":
    """Return the pattern of ``$'…'``."""
    return re.compile(r"\$'((?:[^'\\]++|\\.)*+)'", re.DOTALL)


@cache
def subscripted() -> "re.Pattern[str]":
    """Return the pattern of a name with an opening bracket."""
    return re.compile(r"[A-Za-z_][A-Za-z0-9_]*+\[")


@cache
def broken_token() -> "re.Pattern[str]":
    """Return the pattern of a token that a continued line cuts in two.

    The shells join such lines before they look for tokens. Reading on would give wrong
    words, so the parser declines.
    """
    return re.compile(
        r"&\\\n[&>]|\|\\\n[|&]|;\\\n[;&]|<\\\n[<&>(-]|>\\\n[>&|(]|\(\\\n\(|\)\\\n\)|[0-9]\\\n[<>]"
        r"|\$\\\n[A-Za-z0-9_({@*#?$!'\"-]|\$\{?[#!]?[A-Za-z0-9_]+\\\n[A-Za-z0-9_]|\$\{[#!]?[A-Za-z0-9_]*\\\n"
        r"|\[\\\n\[|\]\\\n\]"
    )


class Grammar:
    """The differences between the dialects, as what the parser asks for."""

    __slots__ = (
        "ansi_quotes",
        "arith_commands",
        "assign",
        "bash",
        "compound_functions",
        "dialect",
        "name_functions",
        "process_substitution",
        "redirect",
        "reserved",
        "tests",
    )

    def __init__(self, dialect: Dialect) -> None:
        bash, ash = dialect is Dialect.BASH, dialect is Dialect.ASH
        words = _RESERVED
        if bash:
            words += r"|\[\[|function|select|time|coproc"
        elif ash:
            words += r"|\[\[|function"
        self.dialect = dialect
        self.bash = bash
        self.reserved = re.compile(f"(?:{words}){_END}")
        if bash:
            redirect = (
                r"([0-9]++|\{[A-Za-z_][A-Za-z0-9_]*\})?"
                r"(<<<|<<-|<<|<>|<&|<(?!\()|>>|>\||>&|>(?!\()|&>>|&>)"
            )
        elif ash:
            redirect = r"([0-9]++)?(<<-|<<|<>|<&|<(?!\()|>>|>\||>&|>(?!\()|&>)"
        else:
            redirect = r"([0-9](?=[<>]))?(<<-|<<|<>|<&|<|>>|>\||>&|>)"
        self.redirect = re.compile(redirect)
        name = "[A-Za-z_][A-Za-z0-9_]*+"
        self.assign = re.compile(rf"({name}(?:\[[A-Za-z0-9_$@*+-]*+\])?)(\+?)=" if bash else rf"({name})()=")
        self.tests = bash or ash
        self.ansi_quotes = bash or ash
        self.process_substitution = bash or ash
        self.arith_commands = bash
        # Functions: dash and ash take any command as the body, but only names; bash the reverse.
        self.compound_functions = bash
        self.name_functions = not bash


@cache
def grammar(dialect: Dialect) -> Grammar:
    """Return the grammar of a dialect; its patterns are made on first use."""
    return Grammar(dialect)


class ShellError(Exception):
    """Raised inside the parser only: what is wrong, and where."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
