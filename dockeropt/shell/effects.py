"""What a script does besides running programs: the facts that joining decides on.

One walk over the tree. Invariant: every fact errs to the side of "it may": a construct
that is not understood sets the fact that forbids most.
"""

from functools import lru_cache
from typing import NamedTuple

from dockeropt.shell import hazards
from dockeropt.shell.nodes import (
    AndOr,
    ArithCommand,
    ArithExp,
    Assign,
    Call,
    CmdSubst,
    For,
    FuncDecl,
    Group,
    Node,
    ParamExp,
    Redirect,
    Script,
    Stmt,
    StmtList,
    Subshell,
    TestClause,
    While,
)
from dockeropt.shell.parser import parse
from dockeropt.shell.query import Resolved, resolve, walk

HEREDOC = "a here-document"
STRAY_RETURN = "return outside a function"
EITHER_SIDE = frozenset([HEREDOC, STRAY_RETURN])
"""Reasons that also keep a script from standing on the right."""

MAX_STRING_SCRIPTS = 4
"""How deep ``sh -c 'sh -c …'`` is looked into."""


class Removal(NamedTuple):
    """Hold a call that removes or moves files."""

    program: str
    call: Call
    args_from: int


class Effects:
    """Hold what one script does.

    Args:
        script: The script.
    """

    __slots__ = (
        "captures_stderr",
        "changes_users",
        "dynamic",
        "ends",
        "errexit_touched",
        "first_runs",
        "leaks",
        "lingers",
        "loops",
        "moves",
        "options_known",
        "parameters",
        "refusals",
        "removals",
        "resolved",
        "runs",
        "runs_unknown",
        "script",
        "sources",
        "user_words",
    )

    def __init__(self, script: Script) -> None:
        self.script = script
        self.refusals: list[str] = []  # why it cannot stand on the left
        self.leaks: set[str] = set()  # what stays in the shell; "set" for options alone
        self.ends = False  # it may end the shell although nothing failed
        self.dynamic = False  # a command's name is only known at run time
        self.sources = False  # it reads commands from elsewhere into this shell
        self.moves = False  # it changes directory somewhere
        self.loops = False
        self.lingers = False
        self.errexit_touched = False
        self.options_known = True  # every `set` has only words we know
        self.captures_stderr = False
        self.changes_users = False
        self.user_words: list[str | None] = []
        self.parameters: set[str] = set()
        self.first_runs: dict[str, int] = {}  # bare name -> offset of its first run in this shell
        self.runs: set[str] = set()  # bare names run anywhere
        self.runs_unknown = False
        self.removals: list[Removal] = []
        self.resolved: list[tuple[int, Resolved]] = []
        self._collect(script.body, depth=0, inside=False)

    def _collect(self, root: Node, *, depth: int, inside: bool) -> None:
        stack = [(root, inside, False)]
        while stack:
            node, inside, in_function = stack.pop()
            inner, function = inside, in_function
            if isinstance(node, Call):
                self._call(node, depth=depth, inside=inside, in_function=in_function)
            elif isinstance(node, Stmt):
                if node.terminator == "&":
                    self.refusals.append("a background job")
            elif isinstance(node, CmdSubst):
                inner = True
                self._substitution(node)
            elif isinstance(node, Subshell):
                inner = True
            elif isinstance(node, ParamExp):
                self._parameter(node, inside=inside)
            elif isinstance(node, ArithExp | ArithCommand):
                if not inside and hazards.assigning_arithmetic().search(self._text(node)):
                    self.leaks.add("arithmetic")
            elif isinstance(node, FuncDecl):
                function = True
                if not inside:
                    self.leaks.add("function")
            elif isinstance(node, For | While):
                self.loops = True
                if isinstance(node, For) and not inside:
                    self.leaks.add("variable")
            elif isinstance(node, Redirect):
                self._redirect(node, inside=inside)
            stack.extend([(child, inner, function) for child in node.children])

    def _text(self, node: Node) -> str:
        return self.script.text[node.start : node.end]

    # --- parts -------------------------------------------------------------------------

    def _substitution(self, node: CmdSubst) -> None:
        if node.opening in ("<(", ">("):
            self.refusals.append("a process substitution")
        if node.body is None:
            text = self._text(node)
            self.runs_unknown = True
            self.parameters.add("_")  # it may hold $_
            if hazards.background_text().search(text) or hazards.run_bound_paths().search(text):
                self.refusals.append("backticks that are not understood")

    def _parameter(self, node: ParamExp, *, inside: bool) -> None:
        self.parameters.add(node.name)
        if inside:
            return
        if node.operator in ("=", ":=") or (
            node.operator in ("[", ":") and hazards.assigning_arithmetic().search(self._text(node))
        ):
            self.leaks.add("variable")

    def _redirect(self, node: Redirect, *, inside: bool) -> None:
        if node.is_heredoc:
            self.refusals.append(HEREDOC)
        if node.fd.startswith("{") and not inside:
            self.leaks.add("descriptor")
        if node.fd == "2" or node.operator in ("&>", "&>>", ">&"):
            self.captures_stderr = True
        self._paths(node.target.text)

    def _paths(self, text: str) -> None:
        if "/" not in text:
            return
        if hazards.run_bound_paths().search(text):
            self.refusals.append("files that belong to one RUN")
        if hazards.user_database().search(text):
            self.changes_users = True
            self.user_words.append(None)

    # --- calls -------------------------------------------------------------------------

    def _call(self, call: Call, *, depth: int, inside: bool, in_function: bool) -> None:
        for word in call.words:
            self._paths(word.text)
        for assign in call.assigns:
            if assign.value is not None:
                self._paths(assign.value.text)
        if not call.words:
            if call.assigns and not inside:
                self.leaks.add("variable")
            return
        name = call.words[0].literal
        if name is None:
            self.runs_unknown = True
            self.dynamic = True
            if not inside and call.assigns:
                self.leaks.add("variable")
        elif "/" not in name:
            self.runs.add(name)
            if not inside:
                self.first_runs.setdefault(name, call.start)
        found = resolve(call)
        self.resolved.append((call.start, found))
        program = found.program
        if program is None:
            # Unknown behind a prefix: another process, unless the prefix is the shell's own.
            if name is not None and found.prefixes and found.prefixes[0] in ("command", "builtin", "exec"):
                self.dynamic = True
            self._unknown(call)
            return
        in_shell = all(prefix in ("command", "builtin", "time") for prefix in found.prefixes)
        if in_shell or "exec" in found.prefixes or program == "exec":
            self._builtin(call, found, program, inside=inside, in_function=in_function)
        self._program(call, found, program, depth=depth)

    def _unknown(self, call: Call) -> None:
        if hazards.background_text().search(self._text(call)):
            self.refusals.append("a command that may start a daemon")

    def _builtin(self, call: Call, found: Resolved, program: str, *, inside: bool, in_function: bool) -> None:
        if program == "set" and "exec" not in found.prefixes:
            self._set(found, inside=inside)
            return
        if program in ("cd", "chdir", "pushd", "popd"):
            self.moves = True
        if program in (".", "source", "eval"):
            self.sources = True
        if program in hazards.JOB_BUILTINS:
            self.refusals.append("job control")
        if program == "return" and not in_function:
            # An error that ends some shells and not others, by how they got there.
            self.refusals.append(STRAY_RETURN)
        if inside:
            return
        if program in hazards.LEAKING_BUILTINS:
            self.leaks.add(program)
        elif program == "printf" and any(word.text.startswith("-v") for word in found.args):
            self.leaks.add("variable")
        if call.assigns and (program in hazards.SPECIAL_BUILTINS or "exec" in found.prefixes):
            self.leaks.add("variable")
        if program == "exit" or "exec" in found.prefixes:
            self.ends = True
        elif program == "exec":
            self.leaks.add("redirection")
        elif program == "trap":
            signals = [word.literal for word in found.args[1:]]
            if signals and all(signal in ("EXIT", "0") for signal in signals):
                self.leaks.add("trap")
            else:
                self.refusals.append("a trap")

    def _set(self, found: Resolved, *, inside: bool) -> None:
        options = set_options(found)
        if options is None:
            self.options_known = False
            self.errexit_touched = True
        elif any(option in ("-e", "+e", "-errexit", "+errexit") for option in options):
            self.errexit_touched = True
        if not inside:
            quiet = options is not None and all(
                option in ("-e", "-x", "-errexit", "-xtrace") for option in options
            )
            self.leaks.add("set" if quiet else "options")

    def _program(self, call: Call, found: Resolved, program: str, *, depth: int) -> None:
        if hazards.starts_daemon(program, found.path or "", found.prefixes, found.args):
            self.refusals.append(f"{program} may leave a process behind")
        if program in hazards.WORLD_PROGRAMS:
            self.refusals.append(f"{program} changes what belongs to one RUN")
        if program in hazards.LINGERING and not any(w.literal == "--no-daemon" for w in found.args):
            self.lingers = True
        if program in hazards.USER_PROGRAMS:
            self.changes_users = True
            self.user_words.extend(word.literal for word in found.args)
        if hazards.replaces_shell(program, found.args):
            self.refusals.append("another shell for the next RUN")
        if program in ("rm", "rmdir", "mv"):
            self.removals.append(Removal(program, call, len(call.words) - len(found.args)))
        if program in hazards.STRING_RUNNERS:
            self._string_script(found, depth=depth)

    def _string_script(self, found: Resolved, *, depth: int) -> None:
        """Look into ``sh -c '…'``: what it does to the world counts, its variables do not."""
        for index, word in enumerate(found.args[:-1]):
            text = word.text
            if not (text.startswith("-") and text.endswith("c") and not text.startswith("--")):
                continue
            script = found.args[index + 1]
            nested = parse(script.literal, self.script.dialect) if script.literal is not None else None
            if nested is None or nested.problem is not None or depth >= MAX_STRING_SCRIPTS:
                if hazards.background_text().search(script.text):
                    self.refusals.append("a script in a string that may start a daemon")
                self._paths(script.text)
                self.runs_unknown = True
                return
            inner = effects_of(nested)
            self.refusals.extend(r for r in inner.refusals if r not in (HEREDOC, "a process substitution"))
            self.removals.extend(inner.removals)
            self.changes_users = self.changes_users or inner.changes_users
            self.user_words.extend(inner.user_words)
            self.lingers = self.lingers or inner.lingers
            self.moves = self.moves or inner.moves
            self.resolved.extend((found.args[index].start, inside) for _, inside in inner.resolved)
            return


@lru_cache(maxsize=512)
def effects_of(script: Script) -> Effects:
    """Return what a script does; scripts are compared by identity."""
    return Effects(script)


# --- errexit ---------------------------------------------------------------------------


def set_options(found: Resolved) -> frozenset[str] | None:
    """Return the options that a ``set`` turns on and off: ``-e``, ``+x``, ``-pipefail``.

    ``None`` when a word is not understood or positional parameters are set.
    """
    options: set[str] = set()
    index = 0
    while index < len(found.args):
        text = found.args[index].literal
        index += 1
        if text is None or len(text) < 2 or text[0] not in "-+" or text[1] == "-":
            return None
        for place, letter in enumerate(text[1:], 1):
            if letter == "o":
                if place != len(text) - 1 or index >= len(found.args):
                    return None
                name = found.args[index].literal
                index += 1
                if name is None:
                    return None
                options.add(text[0] + name)
            else:
                options.add(text[0] + letter)
    return frozenset(options) if options else None


def leading_options(script: Script) -> frozenset[str] | None:
    """Return the options that the script turns on before anything else.

    Its first command must be a ``set`` of a statement of its own or at the head of an
    and-or list; ``None`` if it is not.
    """
    statements = script.body.statements
    if not statements or statements[0].terminator == "&":
        return None
    return _options_of_first(statements[0].command)


def _options_of_first(chain: AndOr) -> frozenset[str] | None:
    pipeline = chain.pipelines[0]
    command = pipeline.commands[0]
    if len(pipeline.commands) > 1 or pipeline.negated or not isinstance(command, Call):
        return None
    found = resolve(command)
    if found.program != "set" or found.prefixes or command.redirects or command.assigns:
        return None
    if chain.operators and chain.operators[0][0] != "&&":
        return None
    return set_options(found)


def ignores_errexit(body: StmtList) -> bool:
    """Tell whether a list does and answers the same whether errexit is honoured or not.

    So it is when nothing but the last statement can fail, and that is an and-or list of
    simple commands: a failure then decides the answer anyway.
    """
    statements = body.statements
    if not statements or any(stmt.terminator == "&" for stmt in statements):
        return False
    return all(_cannot_fail(stmt) for stmt in statements[:-1]) and is_flat(statements[-1].command)


def _cannot_fail(stmt: Stmt) -> bool:
    chain = stmt.command
    command = chain.pipelines[0].commands[0]
    if len(chain.pipelines) > 1 or len(chain.pipelines[0].commands) > 1 or not isinstance(command, Call):
        return False
    if chain.pipelines[0].negated or command.redirects:
        return False
    if any(isinstance(node, CmdSubst | ParamExp | ArithExp) for node in walk(command)):
        return False
    if not command.words:
        return True
    program = command.words[0].literal
    if program == "set":
        return _options_of_first(chain) is not None
    if program == "export":
        return all(w.literal is not None and w.literal[:1].isalpha() for w in command.words[1:])
    return program in (":", "true")


def is_flat(chain: AndOr) -> bool:
    """Tell whether errexit has nothing to do inside the list: no lists within its commands."""
    for pipeline in chain.pipelines:
        for command in pipeline.commands:
            if isinstance(command, Subshell | Group):
                if not all(ignores_errexit(body) for body in command.bodies):
                    return False
            elif not isinstance(command, Call | TestClause | ArithCommand):
                return False
            outside: list[Node] = [*command.redirects]
            if isinstance(command, Call):
                outside += [*command.words, *command.assigns]
            elif isinstance(command, TestClause):
                outside += command.words
            elif isinstance(command, ArithCommand):
                outside += command.parts
            if not all(_flat_expansions(node) for node in outside):
                return False
    return True


def _flat_expansions(node: Node) -> bool:
    if isinstance(node, Assign) and node.value is None:
        return True
    return all(
        inner.body is not None and (not inner.body.statements or ignores_errexit(inner.body))
        for inner in walk(node)
        if isinstance(inner, CmdSubst)
    )
