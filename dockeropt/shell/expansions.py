"""Expansions and double quotes: what a ``$``, a backtick or a ``"`` starts.

Invariant: ``self.pos`` always stands just after what was read, and no method looks beyond
``self.end``; inside backticks that is the closing backtick.
"""

import re
from abc import ABC, abstractmethod

from dockeropt.shell.lexer import (
    ARITH_RUN,
    BACKTICKS,
    BLANKS,
    BRACE_RUN,
    COMMENT,
    GLOB_RUN,
    OLD_ARITH_RUN,
    QUOTED_RUN,
    SIMPLE_DOUBLE,
    VARIABLE,
    Grammar,
    ShellError,
    ansi_quoted,
    parameter_head,
)
from dockeropt.shell.literal import ansi_text, double_quoted_text
from dockeropt.shell.nodes import (
    AnsiQuoted,
    ArithExp,
    CmdSubst,
    DblQuoted,
    ExtGlob,
    ParamExp,
    Part,
    Redirect,
    StmtList,
)

MAX_DEPTH = 100
"""Levels of nesting that are read; deeper scripts are a problem, not a crash.

A substitution counts two levels (the word, the list inside), so a tree is never so deep
that a recursive visitor of it runs out of stack.
"""


class ExpansionReader(ABC):
    """Read expansions at ``pos``; the statements inside them come from the subclass."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text = text
        self.pos = 0
        self.end = len(text)
        self.grammar = grammar
        self.depth = 0
        self.comments: list[tuple[int, int]] = []
        self.pending: list[tuple[Redirect, str, bool]] = []
        self.extglob = grammar.bash and "extglob" in text
        self._not_arithmetic: set[int] = set()

    @abstractmethod
    def statements(self) -> StmtList:
        """Read a list of statements up to what ends it."""

    @abstractmethod
    def linebreak(self) -> None:
        """Skip blanks, comments and newlines."""

    def error(self, message: str, at: int = -1) -> ShellError:
        """Return the error to raise; ``at`` defaults to where the reader stands."""
        return ShellError(message, self.pos if at < 0 else at)

    def enter(self, levels: int = 1) -> None:
        """Count levels of nesting in; the caller subtracts them when it leaves."""
        self.depth += levels
        if self.depth > MAX_DEPTH:
            raise self.error("nested too deeply")

    def ends_word(self, at: int) -> bool:
        """Tell whether a word that reaches to ``at`` ends there."""
        return at >= self.end or self.text[at] in " \t\n;&|()<>" or self.text.startswith("\\\n", at, self.end)

    def blanks(self) -> None:
        """Skip blanks and a comment."""
        at = self.pos
        if at < self.end and self.text[at] in " \t\\#":
            match = BLANKS.match(self.text, at, self.end)
            assert match is not None
            at = match.end()
            if at < self.end and self.text[at] == "#":
                comment = COMMENT.match(self.text, at, self.end)
                assert comment is not None
                self.comments.append(comment.span())
                at = comment.end()
            self.pos = at

    def at_process_substitution(self, at: int) -> bool:
        """Tell whether ``<(`` or ``>(`` stands at a place."""
        return (
            self.grammar.process_substitution
            and self.text[at] in "<>"
            and at + 1 < self.end
            and self.text[at + 1] == "("
        )

    def double_quoted(self, offset: int = 0) -> tuple[DblQuoted, str | None]:
        """Read ``"…"``; ``offset`` is 1 when a ``$`` stands in front."""
        text, end, start = self.text, self.end, self.pos
        simple = SIMPLE_DOUBLE.match(text, start + offset, end)
        if simple is not None:
            self.pos = simple.end()
            return DblQuoted(start, self.pos, ()), simple.group(1)
        at = start + offset + 1
        parts: list[Part] = []
        known = True
        while True:
            run = QUOTED_RUN.match(text, at, end)
            if run is not None:
                at = run.end()
            if at >= end:
                raise self.error('unterminated "', start)
            c = text[at]
            if c == '"':
                self.pos = at + 1
                value = double_quoted_text(text[start + offset + 1 : at]) if known else None
                return DblQuoted(start, at + 1, tuple(parts)), value
            if c == "\\":
                at += 2
                continue
            self.pos = at
            part, _ = self.expansion(quoted=True)
            if part is not None:
                parts.append(part)
                known = False
            at = self.pos

    # --- expansions --------------------------------------------------------------------

    def expansion(self, *, quoted: bool) -> tuple[Part | None, str | None]:
        """Read what a ``$`` or a backtick starts.

        Returns the part and its value; ``(None, "$")`` for a dollar that is only itself.
        """
        text, start, end = self.text, self.pos, self.end
        if text[start] == "`":
            return self.backticks(quoted=quoted), None
        variable = VARIABLE.match(text, start, end)
        if variable is not None:
            self.pos = variable.end()
            return ParamExp(start, self.pos, variable.group(variable.lastindex or 0), "", "", ()), None
        c = text[start + 1] if start + 1 < end else ""
        if c == "(":
            if text.startswith("(", start + 2) and start + 2 < end:
                parts = self.arithmetic(start + 3, commit=not self.grammar.bash)
                if parts is not None:
                    return ArithExp(start, self.pos, parts), None
                self.pos = start
                substitution = self.substitution("$(")
                if "case" in text[start : self.pos]:
                    raise self.error("bash does not read case inside $((", start)
                return substitution, None
            return self.substitution("$("), None
        if c == "{":
            return self.parameter(quoted=quoted), None
        if not quoted:
            if c == "'" and self.grammar.ansi_quotes:
                ansi = ansi_quoted().match(text, start, end)
                if ansi is None:
                    raise self.error("unterminated $'", start)
                self.pos = ansi.end()
                return AnsiQuoted(start, self.pos), ansi_text(ansi.group(1))
            if c == '"' and self.grammar.bash:
                return self.double_quoted(1)
        if c == "[" and self.grammar.bash:
            return self.old_arithmetic(), None
        self.pos = start + 1
        return None, "$"

    def substitution(self, opening: str) -> CmdSubst:
        """Read ``$(…)``, ``<(…)`` or ``>(…)``."""
        start = self.pos
        self.pos += len(opening)
        self.enter()
        outer, self.pending = self.pending, []
        body = self.statements()
        if self.pos >= self.end or self.text[self.pos] != ")":
            raise self.error("expected )")
        if self.pending:
            raise self.error("a here-document has no body inside its substitution")
        self.pending = outer
        self.depth -= 1
        self.pos += 1
        return CmdSubst(start, self.pos, opening, body)

    def backticks(self, *, quoted: bool) -> CmdSubst:
        """Read a command substitution in backticks, in place when it holds no escapes."""
        start = self.pos
        match = BACKTICKS.match(self.text, start, self.end)
        if match is None:
            raise self.error("unterminated `", start)
        body: StmtList | None = None
        self.enter()
        if "\\" in match.group(1):
            self.check_escaped(match.group(1), quoted=quoted)
        else:
            outer_end, self.end = self.end, match.end() - 1
            outer, self.pending = self.pending, []
            self.pos = start + 1
            body = self.statements()
            if self.pos < self.end:
                raise self.error("unexpected characters in backticks")
            self.close_heredocs()
            self.end, self.pending = outer_end, outer
        self.depth -= 1
        self.pos = match.end()
        return CmdSubst(start, self.pos, "`", body)

    @abstractmethod
    def check_escaped(self, inner: str, *, quoted: bool) -> None:
        """Raise if the inside of backticks with escapes is not a valid script."""

    @abstractmethod
    def close_heredocs(self) -> None:
        """End the here-documents that wait for a body where the text ends."""

    def parameter(self, *, quoted: bool) -> ParamExp:
        """Read ``${…}`` with everything inside."""
        text, end, start = self.text, self.end, self.pos
        head = parameter_head().match(text, start, end)
        if head is None:
            raise self.error("bad substitution", start)
        prefix, name, operator = (group or "" for group in head.groups())
        at = head.end()
        self.enter()
        parts: list[Part] = []
        # Inside double quotes a single quote is plain in a default value, special in a pattern.
        pattern = operator[:1] in ("#", "%", "/", "^", ",")
        while True:
            run = BRACE_RUN.match(text, at, end)
            if run is not None:
                at = run.end()
            if at >= end:
                raise self.error("unterminated ${", start)
            c = text[at]
            self.pos = at
            if c == "}":
                self.pos = at + 1
                self.depth -= 1
                return ParamExp(start, at + 1, name, operator, prefix, tuple(parts))
            if c == "\\":
                self.pos = at + 2
            elif c == "'":
                self.pos = self.quote_in_braces(at, plain=quoted and not pattern)
            elif c == '"':
                inner, _ = self.double_quoted()
                parts.extend(inner.parts)
            else:
                part, _ = self.expansion(quoted=quoted)
                if part is not None:
                    parts.append(part)
            at = self.pos

    def quote_in_braces(self, at: int, *, plain: bool) -> int:
        """Return where reading goes on behind a single quote inside ``${…}``."""
        if plain and not self.grammar.bash:
            return at + 1
        close = self.text.find("'", at + 1, self.end)
        if close < 0:
            raise self.error("unterminated '", at)
        if plain and any(c in '}$`"\\' for c in self.text[at + 1 : close]):
            # bash reads on to the next quote, bash --posix does not.
            raise self.error("a single quote in ${} that bash reads in two ways", at)
        return close + 1

    def arithmetic(self, at: int, *, commit: bool) -> tuple[Part, ...] | None:
        """Read an arithmetic expression up to ``))``.

        Returns ``None`` when it is none (``$((cmd) | cmd)``); with ``commit`` that cannot be.
        """
        if at in self._not_arithmetic:
            return None
        text, end, start = self.text, self.end, at
        marks = len(self.comments)
        self.enter()
        parts: list[Part] = []
        nesting = 0
        while True:
            run = ARITH_RUN.match(text, at, end)
            if run is not None:
                at = run.end()
            if at >= end:
                raise self.error("unterminated arithmetic", start)
            c = text[at]
            if c == "(":
                nesting += 1
            elif c == ")":
                if nesting:
                    nesting -= 1
                elif text.startswith("))", at) and at + 1 < end:
                    self.pos = at + 2
                    self.depth -= 1
                    return tuple(parts)
                elif not commit:
                    self._not_arithmetic.add(start)
                    del self.comments[marks:]
                    self.depth -= 1
                    return None
            elif c == "\\":
                at += 1
            elif c == "'" and self.grammar.bash:
                at = text.find("'", at + 1, end)
                if at < 0:
                    raise self.error("unterminated '", start)
            elif c == '"' and self.grammar.bash:
                self.pos = at
                inner, _ = self.double_quoted()
                parts.extend(inner.parts)
                at = self.pos - 1
            elif c in "$`":
                self.pos = at
                part, _ = self.expansion(quoted=True)
                if part is not None:
                    parts.append(part)
                at = self.pos - 1
            at += 1

    def old_arithmetic(self) -> ArithExp:
        """Read bash's ``$[…]``."""
        return ArithExp(*self.balanced(self.pos + 1, "[", "]", OLD_ARITH_RUN))

    def extended_glob(self) -> ExtGlob:
        """Read the ``(…)`` of an extended pattern, with the character before it."""
        return ExtGlob(*self.balanced(self.pos, "(", ")", GLOB_RUN))

    def balanced(
        self, at: int, opening: str, closing: str, plain: "re.Pattern[str]"
    ) -> tuple[int, int, tuple[Part, ...]]:
        """Read from an opening character to its partner; return the place and the parts.

        The place starts one character before the opening one.
        """
        text, end, start = self.text, self.end, at
        parts: list[Part] = []
        nesting = 0
        self.enter()
        while at < end:
            run = plain.match(text, at, end)
            if run is not None:
                at = run.end()
                if at >= end:
                    break
            c = text[at]
            self.pos = at + 1
            if c == opening:
                nesting += 1
            elif c == closing:
                nesting -= 1
                if not nesting:
                    self.depth -= 1
                    return start - 1, at + 1, tuple(parts)
            elif c == "\\":
                self.pos = at + 2
            elif c == "'":
                close = text.find("'", at + 1, end)
                if close < 0:
                    break
                self.pos = close + 1
            elif c == '"':
                self.pos = at
                inner, _ = self.double_quoted()
                parts.extend(inner.parts)
            elif c in "$`":
                self.pos = at
                part, _ = self.expansion(quoted=False)
                if part is not None:
                    parts.append(part)
            at = self.pos
        raise self.error(f"unterminated {opening}", start)
