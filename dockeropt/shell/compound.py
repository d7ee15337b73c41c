"""Compound commands: ``if``, loops, ``case``, functions, tests, groups.

Invariant: a reader is entered with ``pos`` at the reserved word that starts the command and
leaves just after the one that ends it; redirections are read by the caller.
"""

from abc import abstractmethod
from collections.abc import Callable

from dockeropt.shell.lexer import BINARY_TESTS, NAME, QUOTING
from dockeropt.shell.nodes import (
    AndOr,
    ArithCommand,
    Case,
    Command,
    Compound,
    For,
    FuncDecl,
    Group,
    If,
    Part,
    Pipeline,
    Stmt,
    StmtList,
    Subshell,
    TestClause,
    While,
    Word,
)
from dockeropt.shell.words import WordReader


class CompoundReader(WordReader):
    """Read compound commands; simple commands come from the subclass."""

    @abstractmethod
    def command(self, reserved: str) -> Command:
        """Read one command; ``reserved`` is the reserved word that stands here, or ``""``."""

    def reserved(self) -> str:
        """Return the reserved word at ``pos``, or ``""``."""
        match = self.grammar.reserved.match(self.text, self.pos, self.end)
        return match.group() if match is not None else ""

    def at(self, characters: str) -> bool:
        """Tell whether the text goes on with ``characters``."""
        return self.pos < self.end and self.text.startswith(characters, self.pos)

    def expect(self, word: str) -> None:
        """Skip to a reserved word and over it."""
        self.linebreak()
        if self.reserved() != word:
            raise self.error(f"expected {word}")
        self.pos += len(word)

    def body(self) -> StmtList:
        """Read a list of statements that must not be empty."""
        at = self.pos
        body = self.statements()
        if not body.statements:
            raise self.error("expected a command", at)
        return body

    # --- by reserved word --------------------------------------------------------------

    def if_clause(self, start: int) -> Compound:
        self.pos += 2
        bodies = [self.body()]
        self.expect("then")
        bodies.append(self.body())
        while True:
            self.linebreak()
            word = self.reserved()
            self.pos += len(word)
            if word == "elif":
                bodies.append(self.body())
                self.expect("then")
                bodies.append(self.body())
                continue
            if word == "else":
                bodies.append(self.body())
                self.expect("fi")
            elif word != "fi":
                raise self.error("expected fi")
            return If(start, self.pos, tuple(bodies))

    def while_clause(self, start: int) -> Compound:
        self.pos += 5
        condition = self.body()
        self.expect("do")
        body = self.body()
        self.expect("done")
        return While(start, self.pos, (condition, body))

    def for_clause(self, start: int) -> Compound:
        self.pos += 3
        return self.loop(start)

    def select_clause(self, start: int) -> Compound:
        self.pos += 6
        return self.loop(start)

    def loop(self, start: int) -> Compound:
        """Read what follows ``for`` or ``select``."""
        self.blanks()
        name = ""
        words: list[Word] = []
        arithmetic: ArithCommand | None = None
        if self.grammar.arith_commands and self.at("(("):
            arithmetic = self.arith_command(self.pos)
        else:
            match = NAME.match(self.text, self.pos, self.end)
            if match is None:
                raise self.error("expected the name of a variable")
            name = match.group()
            self.pos = match.end()
            if self.pos < self.end and self.text[self.pos] not in " \t\n;\\":
                raise self.error("expected the name of a variable")
            self.linebreak()
            if self.reserved() == "in":
                self.pos += 2
                self.blanks()
                while self.pos < self.end and self.text[self.pos] not in "\n;&|()<>":
                    words.append(self.word())
                    self.blanks()
                if not (self.at(";") or self.at("\n")):
                    raise self.error("expected ; or a newline")
        self.blanks()
        if self.at(";"):
            self.pos += 1
        self.linebreak()
        if self.grammar.bash and self.reserved() == "{":
            self.pos += 1
            body = self.body()
            self.expect("}")
        else:
            self.expect("do")
            body = self.body()
            self.expect("done")
        bodies = (body,)
        if arithmetic is not None and arithmetic.parts:
            # The expansions of the header stay reachable, as a word of no known value.
            head = self.text[arithmetic.start : arithmetic.end]
            words = [Word(arithmetic.start, arithmetic.end, head, arithmetic.parts, None)]
        node = For(start, self.pos, bodies, tuple(words))
        node.name = name
        return node

    def case_clause(self, start: int) -> Compound:
        self.pos += 4
        self.blanks()
        words = [self.word()]
        bodies: list[StmtList] = []
        self.expect("in")
        while True:
            self.linebreak()
            if self.reserved() == "esac":
                break
            if self.at("("):
                self.pos += 1
                self.blanks()
            while True:
                words.append(self.word())
                self.blanks()
                if not self.at("|"):
                    break
                self.pos += 1
                self.blanks()
            if not self.at(")"):
                raise self.error("expected ) after a pattern")
            self.pos += 1
            bodies.append(self.statements())
            self.linebreak()
            if self.grammar.bash and self.at(";;&"):
                self.pos += 3
            elif self.at(";;") or (self.grammar.bash and self.at(";&")):
                self.pos += 2
            elif self.reserved() != "esac":
                raise self.error("expected ;;")
        self.pos += 4
        return Case(start, self.pos, tuple(bodies), tuple(words))

    def group(self, start: int) -> Compound:
        self.pos += 1
        body = self.body()
        self.expect("}")
        return Group(start, self.pos, (body,))

    def subshell(self, start: int) -> Compound:
        """Read ``( … )`` or, in bash, ``((…))``."""
        if self.grammar.arith_commands and self.at("(("):
            parts = self.arithmetic(start + 2, commit=False)
            if parts is not None:
                node = ArithCommand(start, self.pos, ())
                node.parts = parts
                return node
            self.pos = start
        self.pos += 1
        body = self.body()
        if not self.at(")"):
            raise self.error("expected )")
        self.pos += 1
        return Subshell(start, self.pos, (body,))

    def arith_command(self, start: int) -> ArithCommand:
        """Read the ``((…))`` of a ``for``."""
        parts = self.arithmetic(start + 2, commit=False)
        if parts is None:
            raise self.error("expected ))")
        node = ArithCommand(start, self.pos, ())
        node.parts = parts
        return node

    # --- functions ---------------------------------------------------------------------

    def keyword_function(self, start: int) -> Compound:
        self.pos += 8
        self.blanks()
        name = self.word()
        self.blanks()
        if self.at("("):
            self.pos += 1
            self.blanks()
            if not self.at(")"):
                raise self.error("expected )")
            self.pos += 1
        return self.function(start, name)

    def function(self, start: int, name: Word) -> FuncDecl:
        """Read the body of a function; ``pos`` stands behind the parentheses."""
        if name.parts or QUOTING.search(name.text) or name.literal is None:
            raise self.error("a function needs a plain name", name.start)
        if self.grammar.name_functions and NAME.fullmatch(name.text) is None:
            raise self.error("a function needs a plain name", name.start)
        self.linebreak()
        self.enter()
        at = self.pos
        command = self.command(self.reserved())
        if self.grammar.compound_functions and (
            not isinstance(command, Compound) or isinstance(command, FuncDecl)
        ):
            raise self.error("a function needs a compound command", at)
        self.depth -= 1
        pipeline = Pipeline(command.start, command.end, (command,), (), negated=False, timed=False)
        statement = Stmt(AndOr(command.start, command.end, (pipeline,), ()), "", -1)
        body = StmtList(command.start, command.end, (statement,))
        node = FuncDecl(start, command.end, (body,))
        node.name = name.text
        return node

    # --- tests -------------------------------------------------------------------------

    def test_clause(self, start: int) -> Compound:
        """Read ``[[ … ]]``: an expression in bash, a command with ``&&`` and ``||`` in ash."""
        self.pos += 2
        words = self.bash_test() if self.grammar.bash else self.ash_test()
        self.pos += 2
        return TestClause(start, self.pos, (), tuple(words))

    def at_test_end(self) -> bool:
        return self.at("]]") and self.ends_word(self.pos + 2)

    def ash_test(self) -> list[Word]:
        words: list[Word] = []
        while True:
            self.blanks()
            if self.at_test_end():
                return words
            if self.at("&&") or self.at("||"):
                self.pos += 2
                continue
            words.append(self.word())

    def bash_test(self) -> list[Word]:
        words: list[Word] = []
        nesting = 0
        extglob, self.extglob = self.extglob, True
        while True:
            self.linebreak()
            if self.at("("):
                self.pos += 1
                nesting += 1
                continue
            if self.at_test_end():
                raise self.error("expected an operand")
            word = self.word()
            if word.text == "!":
                continue
            words.append(word)
            self.rest_of_test(word, words)
            self.linebreak()
            while nesting and self.at(")"):
                self.pos += 1
                nesting -= 1
                self.linebreak()
            if self.at_test_end():
                if nesting:
                    raise self.error("expected )")
                self.extglob = extglob
                return words
            if not (self.at("&&") or self.at("||")):
                raise self.error("expected an operator or ]]")
            self.pos += 2

    def rest_of_test(self, word: Word, words: list[Word]) -> None:
        """Read the operator and the other operand of a term, if it has them."""
        self.blanks()
        if len(word.text) == 2 and word.text[0] == "-" and word.text[1].isalpha() and not self.at("\n"):
            words.append(self.word())
            return
        if self.at_test_end() or self.pos >= self.end or self.text[self.pos] in ")&|":
            return
        if self.at("\n"):
            raise self.error("expected an operator")
        if self.at("<") or self.at(">"):
            self.pos += 1
        else:
            at = self.pos
            operator = self.word()
            if operator.text not in BINARY_TESTS:
                raise self.error("expected an operator", at)
            if operator.text == "=~":
                self.blanks()
                words.append(self.regex())
                return
        self.blanks()
        if self.at_test_end():
            raise self.error("expected an operand")
        words.append(self.word())

    def regex(self) -> Word:
        """Read the right side of ``=~``: parentheses and bars are part of it."""
        text, end, start = self.text, self.end, self.pos
        parts: list[Part] = []
        nesting = 0
        while self.pos < end:
            c = text[self.pos]
            if c == "\\":
                self.pos = min(self.pos + 2, end)
            elif c == "'":
                close = text.find("'", self.pos + 1, end)
                if close < 0:
                    raise self.error("unterminated '")
                self.pos = close + 1
            elif c == '"':
                quoted, _ = self.double_quoted()
                parts.append(quoted)
            elif c in "$`":
                part, _ = self.expansion(quoted=False)
                if part is not None:
                    parts.append(part)
            else:
                if c == "(":
                    nesting += 1
                elif c == ")":
                    if not nesting:
                        break
                    nesting -= 1
                elif not nesting and c in " \t\n;&<>":
                    break
                self.pos += 1
        if self.pos == start or nesting:
            raise self.error("expected a regular expression", start)
        return Word(start, self.pos, text[start : self.pos], tuple(parts), None)


Reader = Callable[[CompoundReader, int], Compound]

READERS: dict[str, Reader] = {
    "if": CompoundReader.if_clause,
    "while": CompoundReader.while_clause,
    "until": CompoundReader.while_clause,
    "for": CompoundReader.for_clause,
    "select": CompoundReader.select_clause,
    "case": CompoundReader.case_clause,
    "{": CompoundReader.group,
    "[[": CompoundReader.test_clause,
    "function": CompoundReader.keyword_function,
}
"""How to read the command that a reserved word starts."""
