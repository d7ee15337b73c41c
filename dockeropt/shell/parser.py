"""The shell parser: text in, tree with exact places out, never an exception.

Written by hand after the grammar of POSIX and what dash, busybox ash and bash do. What it
does not understand makes the whole script a problem: passes leave such a script alone.
Time is linear in the length of the text; nesting is limited, not the stack's business.
"""

import re
from functools import lru_cache

from dockeropt.shell.compound import READERS, CompoundReader
from dockeropt.shell.lexer import (
    BLANKS,
    DECLARATIONS,
    HEREDOC_RUN,
    NUMBERED,
    PLAIN,
    QUOTING,
    STOP_WORDS,
    ShellError,
    broken_token,
    grammar,
    subscripted,
)
from dockeropt.shell.nodes import (
    AndOr,
    Assign,
    Call,
    Command,
    Dialect,
    FuncDecl,
    Part,
    Pipeline,
    Redirect,
    Script,
    ShellProblem,
    Stmt,
    StmtList,
    Word,
)

CACHED_SCRIPTS = 1024
"""Parses that are kept; the same RUN is asked for again by every pass and round."""


class Parser(CompoundReader):
    """Read one script."""

    def script(self) -> StmtList:
        """Read the whole text."""
        if "\0" in self.text:
            raise self.error("a NUL character", self.text.index("\0"))
        if "\\\n" in self.text:
            broken = broken_token().search(self.text)
            if broken is not None:
                raise self.error("a token broken by a continued line", broken.start())
        body = self.statements()
        if self.pos < self.end:
            raise self.error(f"unexpected {self.text[self.pos : self.pos + 10]!r}")
        self.close_heredocs()
        body.start, body.end = 0, self.end
        return body

    # --- lists -------------------------------------------------------------------------

    def linebreak(self) -> None:
        """Skip blanks, comments and newlines; here-documents are read at a newline."""
        while True:
            self.blanks()
            if self.pos >= self.end or self.text[self.pos] != "\n":
                return
            self.newline()

    def newline(self) -> None:
        """Skip a newline and read the here-documents that wait for it."""
        self.pos += 1
        if self.pending:
            waiting, self.pending = self.pending, []
            for redirect, delimiter, quoted in waiting:
                self.heredoc(redirect, delimiter, quoted=quoted)

    def statements(self) -> StmtList:
        """Read statements up to a closing parenthesis, ``;;``, a stop word or the end."""
        text, start = self.text, self.pos
        self.enter()
        statements: list[Stmt] = []
        while True:
            self.linebreak()
            if self.pos >= self.end:
                break
            c = text[self.pos]
            if c in ");":
                break
            reserved = self.reserved()
            if reserved in STOP_WORDS:
                break
            command = self.and_or(reserved)
            self.blanks()
            terminator, at = "", self.pos
            if at < self.end:
                c = text[at]
                if c == "\n":
                    terminator = c
                    self.newline()
                elif (c == ";" and not self.ends_clause(at)) or (
                    c == "&" and not text.startswith("&", at + 1)
                ):
                    terminator = c
                    self.pos = at + 1
            statements.append(Stmt(command, terminator, at if terminator else -1))
            if not terminator:
                break
        self.depth -= 1
        return StmtList(start, self.pos, tuple(statements))

    def ends_clause(self, at: int) -> bool:
        """Tell whether the ``;`` at a place starts ``;;`` or bash's ``;&``."""
        return at + 1 < self.end and (
            self.text[at + 1] == ";" or (self.text[at + 1] == "&" and self.grammar.bash)
        )

    def and_or(self, reserved: str) -> AndOr:
        """Read an and-or list; ``reserved`` is the reserved word that it starts with."""
        text, start = self.text, self.pos
        pipelines = [self.pipeline(reserved)]
        operators: list[tuple[str, int, int]] = []
        while True:
            self.blanks()
            at = self.pos
            if at >= self.end or not (text.startswith("&&", at) or text.startswith("||", at)):
                break
            operators.append((text[at : at + 2], at, at + 2))
            self.pos = at + 2
            self.linebreak()
            pipelines.append(self.pipeline(self.reserved()))
        return AndOr(start, pipelines[-1].end, tuple(pipelines), tuple(operators))

    def pipeline(self, reserved: str) -> Pipeline:
        """Read a pipeline with ``!`` and, in bash, ``time`` before it."""
        text, start = self.text, self.pos
        negated = timed = False
        commands: list[Command] = []
        while reserved in ("!", "time"):
            if reserved == "!":
                if negated and not self.grammar.bash:
                    raise self.error("a second !")
                negated = not negated
            timed = timed or reserved == "time"
            self.pos += len(reserved)
            end_of_word = self.pos
            self.blanks()
            if timed and self.at("-p") and self.ends_word(self.pos + 2):
                self.pos = end_of_word = self.pos + 2
                self.blanks()
            if self.grammar.bash and (self.pos >= self.end or text[self.pos] in "\n;)"):
                # A lone "!" or "time": nothing is run.
                self.pos = end_of_word
                commands.append(Call(end_of_word, end_of_word, (), (), ()))
                return Pipeline(start, end_of_word, tuple(commands), (), negated=negated, timed=timed)
            reserved = self.reserved()
        commands.append(self.command(reserved))
        operators: list[tuple[int, int]] = []
        while True:
            self.blanks()
            at = self.pos
            if at >= self.end or text[at] != "|" or text.startswith("||", at):
                break
            length = 2 if self.grammar.bash and text.startswith("|&", at) else 1
            operators.append((at, at + length))
            self.pos = at + length
            self.linebreak()
            reserved = self.reserved()
            if reserved == "time":
                reserved = ""
            commands.append(self.command(reserved))
        return Pipeline(
            start, commands[-1].end, tuple(commands), tuple(operators), negated=negated, timed=timed
        )

    # --- commands ----------------------------------------------------------------------

    def command(self, reserved: str) -> Command:
        """Read one command; ``reserved`` is the reserved word that stands here."""
        start = self.pos
        if reserved:
            reader = READERS.get(reserved)
            if reader is None:
                raise self.error(f"unexpected {reserved}")
            node = reader(self, start)
        elif start < self.end and self.text[start] == "(":
            node = self.subshell(start)
        else:
            return self.call()
        if isinstance(node, FuncDecl):
            return node
        redirects: list[Redirect] = []
        while True:
            self.blanks()
            redirect = self.redirect()
            if redirect is None:
                break
            redirects.append(redirect)
        if redirects:
            node.redirects = tuple(redirects)
            node.end = redirects[-1].end
        return node

    def call(self) -> Command:
        """Read a simple command, or the definition of a function."""
        text, end, start = self.text, self.end, self.pos
        plain = PLAIN.match
        words: list[Word] = []
        assigns: list[Assign] = []
        redirects: list[Redirect] = []
        pos = last = start
        while True:
            match = plain(text, pos, end)
            if match is not None:
                word = match.group(1)
                pos = match.end()
                if words or "=" not in word:
                    words.append(Word(pos - len(word), pos, word, (), word))
                else:
                    self.plain_assign(word, pos, words, assigns)
                last = pos
                continue
            blanks = BLANKS.match(text, pos, end)
            assert blanks is not None
            pos = blanks.end()
            if pos >= end:
                break
            c = text[pos]
            if c in "\n;|)#" or (c == "&" and not text.startswith("&>", pos)):
                break
            self.pos = pos
            if c in "<>&0123456789{":
                redirect = self.redirect()
                if redirect is not None:
                    redirects.append(redirect)
                    pos = last = self.pos
                    continue
                if c == "&":
                    break
            if c == "(":
                if len(words) == 1 and not assigns and not redirects:
                    return self.named_function(start, words[0])
                raise self.error("unexpected (")
            if not words:
                assign = self.assign()
                if assign is not None:
                    assigns.append(assign)
                    pos = last = self.pos
                    continue
                if self.grammar.bash and subscripted().match(text, pos, end) is not None:
                    # bash reads on to the matching bracket, blanks included.
                    raise self.error("a subscript that is not understood")
            words.append(self.argument(words))
            pos = last = self.pos
        self.pos = last
        if last == start:
            raise self.error("expected a command")
        if "\\\n" in text[start:last]:
            self.check_continued(words, assigns)
        if self.grammar.tests and not self.grammar.bash and any(w.text == "[[" for w in words):
            raise self.error("[[ in the middle of a command", start)
        return Call(start, last, tuple(assigns), tuple(words), tuple(redirects))

    def plain_assign(self, word: str, end: int, words: list[Word], assigns: list[Assign]) -> None:
        """Add a plain word that holds ``=`` as an assignment, or as the command's name."""
        start = end - len(word)
        match = self.grammar.assign.match(word)
        if match is None:
            words.append(Word(start, end, word, (), word))
            return
        value = word[match.end() :]
        node = Word(start + match.end(), end, value, (), value) if value else None
        assigns.append(Assign(start, end, match.group(1), node, append=bool(match.group(2))))

    def assign(self) -> Assign | None:
        """Read an assignment, if there is one at ``pos``."""
        match = self.grammar.assign.match(self.text, self.pos, self.end)
        if match is None:
            return None
        start = self.pos
        self.pos = at = match.end()
        value: Word | None = None
        if at < self.end:
            c = self.text[at]
            if c == "(" and self.grammar.bash:
                value = self.array()
            elif c not in " \t\n;&|()<>" or self.at_process_substitution(at):
                value = self.word()
        return Assign(start, self.pos, match.group(1), value, append=bool(match.group(2)))

    def argument(self, words: list[Word]) -> Word:
        """Read a word of a command; bash's declarations may assign arrays."""
        if self.grammar.bash and words and words[0].literal in DECLARATIONS:
            match = self.grammar.assign.match(self.text, self.pos, self.end)
            if match is not None and match.end() < self.end and self.text[match.end()] == "(":
                start, self.pos = self.pos, match.end()
                array = self.array()
                return Word(start, array.end, self.text[start : array.end], array.parts, None)
        return self.word()

    def check_continued(self, words: list[Word], assigns: list[Assign]) -> None:
        """Decline a reserved word or an assignment's name that a continued line breaks."""
        if words and not assigns and "\\\n" in words[0].text:
            joined = words[0].text.replace("\\\n", "")
            if self.grammar.reserved.fullmatch(joined) or self.grammar.assign.match(joined):
                raise self.error("a token broken by a continued line", words[0].start)

    def named_function(self, start: int, name: Word) -> FuncDecl:
        """Read ``()`` and the body of the function ``name``."""
        self.pos += 1
        self.blanks()
        if not self.at(")"):
            raise self.error("unexpected (", start)
        self.pos += 1
        return self.function(start, name)

    # --- redirections ------------------------------------------------------------------

    def redirect(self) -> Redirect | None:
        """Read a redirection, if there is one at ``pos``."""
        match = self.grammar.redirect.match(self.text, self.pos, self.end)
        if match is None:
            return None
        start = self.pos
        self.pos = match.end()
        blanks = BLANKS.match(self.text, self.pos, self.end)
        assert blanks is not None
        self.pos = blanks.end()
        if self.pos < self.end and self.text[self.pos] == "#":
            raise self.error("expected a word")
        dup = self.grammar.bash and match.group(2) in (">&", "<&")
        if not dup and NUMBERED.match(self.text, self.pos, self.end) is not None:
            # The number belongs to the next redirection; only bash reads ">&1>f" as two.
            raise self.error("expected a word")
        target = self.word()
        redirect = Redirect(start, self.pos, match.group(2), match.group(1) or "", target)
        if redirect.is_heredoc:
            self.pending.append((redirect, *self.delimiter(target)))
        return redirect

    def delimiter(self, word: Word) -> tuple[str, bool]:
        """Return the delimiter of a here-document and whether it is quoted."""
        text = word.text.replace("\\\n", "")
        if QUOTING.search(text) is None:
            if "`" in text or "$(" in text:
                raise self.error("a here-document with a strange delimiter", word.start)
            return text, False
        if word.literal is None:
            raise self.error("a here-document with a strange delimiter", word.start)
        return word.literal, True

    def heredoc(self, redirect: Redirect, delimiter: str, *, quoted: bool) -> None:
        """Read the body of a here-document from ``pos``, at the beginning of a line."""
        text, end, start = self.text, self.end, self.pos
        strip = redirect.operator == "<<-"
        at = start
        continued = False
        while at < end:
            newline = text.find("\n", at, end)
            stop = end if newline < 0 else newline
            line = text[at:stop]
            if not continued and (line.lstrip("\t") if strip else line) == delimiter:
                redirect.body, redirect.terminator = (start, at), (at, stop)
                self.pos = stop if newline < 0 else stop + 1
                break
            continued = not quoted and (len(line) - len(line.rstrip("\\"))) % 2 == 1
            at = end if newline < 0 else stop + 1
        else:
            redirect.body = (start, end)
            self.pos = end
        if not quoted:
            redirect.parts = self.heredoc_parts(*redirect.body)

    def heredoc_parts(self, at: int, stop: int) -> tuple[Part, ...]:
        """Return the expansions in the body of a here-document."""
        parts: list[Part] = []
        outer_pos, outer_end = self.pos, self.end
        outer, self.pending = self.pending, []
        self.end = stop
        self.enter()
        while at < stop:
            run = HEREDOC_RUN.match(self.text, at, stop)
            if run is not None:
                at = run.end()
            elif self.text[at] == "\\":
                at += 2
            else:
                self.pos = at
                part, _ = self.expansion(quoted=True)
                if part is not None:
                    parts.append(part)
                at = self.pos
        self.depth -= 1
        self.pos, self.end, self.pending = outer_pos, outer_end, outer
        return tuple(parts)

    def close_heredocs(self) -> None:
        for redirect, _, _ in self.pending:
            redirect.body = (self.end, self.end)
        self.pending = []

    def check_escaped(self, inner: str, *, quoted: bool) -> None:
        escaped = r'\\([`\\$"])' if quoted else r"\\([`\\$])"
        nested = Parser(re.sub(escaped, r"\1", inner), self.grammar)
        nested.depth = self.depth
        nested.script()


@lru_cache(maxsize=CACHED_SCRIPTS)
def parse(text: str, dialect: Dialect) -> Script:
    """Parse a script; the answer is shared and must not be changed.

    Args:
        text: The script as the shell gets it.
        dialect: The language to read it as.

    Returns:
        The tree. When the text is no valid script, is nested too deeply or holds something
        not understood, ``problem`` says so and ``body`` is empty.
    """
    parser = Parser(text, grammar(dialect))
    try:
        body = parser.script()
    except ShellError as error:
        problem = ShellProblem(error.message, min(error.at, len(text)))
    except RecursionError:  # the caller has used up the stack already
        problem = ShellProblem("nested too deeply", parser.pos)
    else:
        return Script(text, dialect, body, tuple(sorted(parser.comments)), None)
    return Script(text, dialect, StmtList(0, 0, ()), (), problem)
