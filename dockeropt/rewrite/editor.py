"""Turn what a pass wants into edits on the source: small, and in the author's layout.

Invariant: no edit of this module takes a comment away, ends a continuation that must go on,
or leaves one that must not. Where that cannot be kept the answer is ``None`` and the pass
lets go. The escape character and the line end are those of the file.
"""

import re
from collections.abc import Sequence

from dockeropt.model.calls import CallFacts
from dockeropt.model.runs import RunFacts
from dockeropt.rewrite.layout import (
    OperatorStyle,
    decides_alone,
    errexit_survives,
    functions_of,
    layout_of,
    never_returns,
    starts_with_errexit,
    switches_errexit,
)
from dockeropt.shell.nodes import AndOr, Compound, Group, Pipeline, Redirect, Stmt, StmtList, Subshell
from dockeropt.syntax.nodes import Blank, Dockerfile, Instruction, Run
from dockeropt.text import Edit, Span

MAX_LINE = 100
"""Columns that an appended command may fill before it goes to a line of its own."""

Edits = tuple[Edit, ...]


class Editor:
    """Make edits for one tree."""

    __slots__ = ("_comment_line", "newline", "text", "tree")

    def __init__(self, tree: Dockerfile) -> None:
        self.tree = tree
        self.text = tree.source.text
        self.newline = tree.source.newline
        self._comment_line = re.compile(r"^[ \t]*#", re.MULTILINE)

    # --- words of a script -------------------------------------------------------------

    def insert_words(self, run: RunFacts, at: int, words: str) -> Edits:
        """Return the edit that puts ``words`` behind the script token that ends at ``at``."""
        assert run.script is not None
        return (Edit.insert(run.script.end(at), " " + words),)

    def append_item(self, run: RunFacts, last: tuple[int, int], item: str) -> Edits:
        """Return the edit that puts ``item`` behind the last word of a list, in the list's layout.

        Args:
            run: The RUN.
            last: Script range of the list's last word.
            item: The word to add: on a line of its own where the last word has one.
        """
        assert run.script is not None
        at = run.script.end(last[1])
        line_start = self.text.rfind("\n", 0, at) + 1
        before = self.text[line_start : run.script.offset(last[0])]
        if before.strip() or line_start <= run.node.span.start:
            return (Edit.insert(at, f" {item}"),)
        # In a here-document it is the shell that reads the continuation, whatever Docker's escape is.
        escape = "\\" if run.node.heredocs else self.tree.escape
        return (Edit.insert(at, f" {escape}{self.newline}{before}{item}"),)

    def replace(self, run: RunFacts, start: int, end: int, text: str) -> Edits | None:
        """Return the edit that replaces a script range, ``None`` if the source breaks it up."""
        assert run.script is not None
        if not run.script.is_contiguous(start, end):
            return None
        return (Edit(run.script.span(start, end), text),)

    def remove_words(self, run: RunFacts, start: int, end: int) -> Edits | None:
        """Return the edits that delete a script range with the blanks around it.

        A physical line that holds nothing else goes as a whole. ``None`` when a comment
        or a broken-up word is in the way.
        """
        assert run.script is not None
        if not run.script.is_contiguous(start, end):
            return None
        span = run.script.span(start, end)
        line_start = self.text.rfind("\n", 0, span.start) + 1
        line_end = self.text.find("\n", span.end)
        line_end = len(self.text) if line_end < 0 else line_end
        before, after = self.text[line_start : span.start], self.text[span.end : line_end].rstrip()
        alone = not before.strip() and line_start > run.node.span.start
        if alone and after.strip() == self.tree.escape:
            return (Edit.delete(Span(line_start, line_end + 1)),)
        if alone and not after:
            if end < len(run.script.text.rstrip()):  # a heredoc script: the line ends the statement
                return (Edit.delete(Span(line_start, line_end + 1)),)
            previous = run.script.end(len(run.script.text[:start].rstrip()))
            if self._comment_line.search(self.text[previous : span.start]):
                return None
            return (Edit.delete(Span(previous, span.end)),)
        if alone:
            follow = span.end + len(after) - len(after.lstrip())
            return (Edit.delete(Span(span.start, follow)),)
        cut = span.start - (len(before) - len(before.rstrip(" \t")))
        return (Edit.delete(Span(cut, span.end)),)

    # --- commands of a script ----------------------------------------------------------

    def append_command(self, run: RunFacts, command: str) -> Edits | None:
        """Return the edits that run ``command`` at the end of the script's success path.

        The script fails exactly when it failed before (or when ``command`` does): the
        command follows as ``&& command``, or as a statement of its own where errexit
        guards everything before it. ``None`` where that cannot be shown: background jobs,
        ``exit``, compound commands under errexit (which is ignored left of ``&&``).
        """
        script, shell = run.script, run.shell
        if script is None or shell is None or not shell.body.statements:
            return None
        last = shell.body.statements[-1]
        if last.terminator == "&" or never_returns(last):
            return None
        errexit = run.state.errexit or switches_errexit(shell)
        single = len(last.command.pipelines) == 1 and not last.command.pipelines[0].negated
        functions = functions_of(shell) if errexit else frozenset()
        guarded = (
            single
            and (run.state.errexit or starts_with_errexit(shell))
            and not switches_errexit(shell, off=True)
        )
        if not errexit or decides_alone(last.command, functions):
            # A list in brackets that ends in a failing `a && b` would let a next statement run.
            commands = last.command.pipelines[0].commands
            ends_script = not any(isinstance(c, Subshell | Group) for c in commands)
            as_statement = guarded and ends_script and len(shell.body.statements) > 1
        else:
            body = last.command.pipelines[0].commands[-1]
            if not (guarded and isinstance(body, Compound) and errexit_survives(body)):
                return None
            if len(last.command.pipelines[0].commands) > 1 or functions:
                return None
            as_statement = True
        return self._insert_at_end(run, last, command, as_statement=as_statement)

    def _insert_at_end(self, run: RunFacts, last: Stmt, command: str, *, as_statement: bool) -> Edits:
        assert run.script is not None
        script = run.script
        at, indent = script.end(last.end), self._line_indent(script.offset(last.start))
        if "\n" in script.text:  # a heredoc script: lines are the shell's own
            own_line = as_statement and not self._has_heredoc(last) and last.terminator in ("\n", "")
            return (Edit.insert(at, f"{self.newline}{indent}{command}" if own_line else f" && {command}"),)
        layout = layout_of(run, self.text)
        line_start = self.text.rfind("\n", 0, at) + 1
        fits = at - line_start + len(command) + 4 <= MAX_LINE
        if as_statement:
            if last.terminator == ";":
                at, glue = script.end(last.terminator_at + 1), ""
            else:
                glue = ";"
            gap = " " if layout.single_line and fits else f" {self.tree.escape}{self.newline}{layout.indent}"
            return (Edit.insert(at, f"{glue}{gap}{command}"),)
        if layout.single_line and fits:
            return (Edit.insert(at, f" && {command}"),)
        broken = f" {self.tree.escape}{self.newline}{layout.indent}"
        place = self._blanks_at_line_end(at)  # a new line ends in none
        if layout.style is OperatorStyle.TRAILING:
            return (Edit(place, f" &&{broken}{command}"),)
        return (Edit(place, f"{broken}&& {command}"),)

    def _blanks_at_line_end(self, at: int) -> Span:
        """Return the blanks at a place if the line holds nothing behind them, else an empty span."""
        line = self.text[at:].split("\n", 1)[0].rstrip("\r")
        return Span(at, at + (len(line) if not line.strip(" \t") else 0))

    def insert_command(self, run: RunFacts, before: Pipeline, command: str, *, as_statement: bool) -> Edits:
        """Return the edit that runs ``command`` in front of a pipeline, in the script's own layout.

        Args:
            run: The RUN.
            before: A pipeline with nothing but ``&&`` in front of it in its list.
            command: The text to insert.
            as_statement: Whether it becomes a statement of its own, not ``command && …``.
        """
        assert run.script is not None
        at = run.script.offset(before.start)
        line_start = self.text.rfind("\n", 0, at) + 1
        prefix = self.text[line_start:at]
        own_line = line_start > run.node.span.start and prefix.strip() in ("", "&&")
        if "\n" in run.script.text:
            glue = (
                f"{self.newline}{prefix}" if own_line and as_statement else "; " if as_statement else " && "
            )
        elif not own_line:
            glue = "; " if as_statement else " && "
        else:
            broken = f"{self.tree.escape}{self.newline}{prefix}"
            leading = layout_of(run, self.text).style is OperatorStyle.LEADING
            if as_statement:
                glue = f"; {broken}"
            elif prefix.strip():
                glue = f" {broken}"
            else:
                glue = f" {broken}&& " if leading else f" && {broken}"
        return (Edit.insert(at, command + glue),)

    def remove_call(self, call: CallFacts) -> Edits | None:
        """Return the edits that take a command out of its chain, its list or, alone, its RUN away.

        ``None`` for a command inside a compound or a pipeline, and where an operator other
        than ``&&`` or a comment is in the way.
        """
        run, shell = call.run, call.run.shell
        assert shell is not None
        if not call.top_level or call.piped or call.background or call.pipeline.negated:
            return None
        chain, statements = call.and_or, shell.body.statements
        if len(chain.pipelines) > 1:
            return self.remove_pipeline(run, chain, chain.pipelines.index(call.pipeline))
        if len(statements) > 1:
            return self.remove_statement(run, shell.body, statements.index(call.statement))
        if run.onbuild or not isinstance(run.node, Run) or run.node.heredocs:
            return None
        return self.remove_instruction(run.node)

    def remove_pipeline(self, run: RunFacts, chain: AndOr, index: int) -> Edits | None:
        """Return the edits that take pipeline ``index`` out of its and-or list.

        Only an ``&&`` between it and its neighbours may go with it. The last pipeline of
        a list cannot go this way: see :meth:`remove_statement`.
        """
        count = len(chain.pipelines)
        if count < 2:
            return None
        before = chain.operators[index - 1] if index else None
        after = chain.operators[index] if index < count - 1 else None
        if any(op is not None and op[0] != "&&" for op in (before, after)):
            return None
        pipeline = chain.pipelines[index]
        ranges: list[tuple[int, int]] = []
        if before is not None:
            ranges.append((chain.pipelines[index - 1].end, pipeline.end))
            if after is not None:
                ranges.append((before[1], after[1]))
        if after is not None:
            ranges.append((pipeline.start, chain.pipelines[index + 1].start))
        script = run.script
        assert script is not None
        if after is not None:  # what stands on one line leaves the other lines as they are
            ranges.sort(key=lambda r: "\n" in self.text[script.offset(r[0]) : script.end(r[1])])
        clean = self._delete_first_clean(run, ranges, last=after is None)
        if clean is not None or after is None:
            return clean
        if before is None:
            return self._delete_head(run, pipeline, after)
        return self._delete_lines(run, before[1], pipeline.end) or self._delete_lines(
            run, pipeline.start, after[2]
        )

    def _delete_head(self, run: RunFacts, pipeline: Pipeline, operator: tuple[str, int, int]) -> Edits | None:
        """Delete a first pipeline and the operator behind it, but not the comments between."""
        assert run.script is not None
        script = run.script
        start, end = script.offset(pipeline.start), script.end(pipeline.end)
        at, stop = script.offset(operator[1]), script.end(operator[2])
        if "\n" in self.text[start:end]:
            return None
        while self.text[stop : stop + 1] in (" ", "\t"):
            stop += 1
        if "\n" not in self.text[end:at]:
            return (Edit.delete(Span(start, stop)),)
        while self.text[end : end + 1] in (" ", "\t"):
            end += 1
        return (Edit.delete(Span(start, end)), Edit.delete(Span(at, stop)))

    def _delete_lines(self, run: RunFacts, start: int, end: int) -> Edits | None:
        """Delete the physical lines that hold a script range and nothing else but the escape."""
        assert run.script is not None
        at, stop = run.script.offset(start), run.script.end(end)
        line_start = self.text.rfind("\n", 0, at) + 1
        line_end = self.text.find("\n", stop)
        if line_end < 0 or self.text[line_start:at].strip() or line_start <= run.node.span.start:
            return None
        if self.text[stop:line_end].strip() != self.tree.escape:
            return None
        if self._comment_line.search(self.text[line_start:line_end]):
            return None
        return (Edit.delete(Span(line_start, line_end + 1)),)

    def remove_statement(self, run: RunFacts, statements: StmtList, index: int) -> Edits | None:
        """Return the edits that take statement ``index`` out of a ``;`` or newline list."""
        stmts = statements.statements
        if len(stmts) < 2 or any(self._has_heredoc(s) for s in stmts):
            return None
        stmt = stmts[index]
        if stmt.terminator == "&":
            return None
        if index < len(stmts) - 1:
            return self._delete_first_clean(run, [(stmt.start, stmts[index + 1].start)], last=False)
        end = stmt.end if stmt.terminator != ";" else stmt.terminator_at + 1
        return self._delete_first_clean(run, [(stmts[index - 1].end, end)], last=True)

    def _delete_first_clean(
        self, run: RunFacts, ranges: Sequence[tuple[int, int]], *, last: bool
    ) -> Edits | None:
        assert run.script is not None
        for start, end in ranges:
            at = (
                run.script.end(start)
                if start and not self._starts_token(run, start)
                else run.script.offset(start)
            )
            stop = run.script.end(end) if not self._starts_token(run, end) else run.script.offset(end)
            if not self._comment_line.search(self.text[self._next_line(at, stop) : stop]):
                return (Edit.delete(Span(at, stop)),)
        if last and ranges and ranges[0][1] >= len(run.script.text.rstrip()):
            return self._delete_around_comments(run, *ranges[0])
        return None

    def _delete_around_comments(self, run: RunFacts, start: int, end: int) -> Edits:
        """Delete the tail of a script; comment lines in it become lines of the file."""
        assert run.script is not None
        at, stop = run.script.end(start), run.script.end(end)
        first_newline = self.text.find("\n", at)
        kept = [c for c in run.node.comments if at <= c.span.start and c.span.end <= stop]
        keep_from = first_newline - 1 if self.text[first_newline - 1] == "\r" else first_newline
        tail = "".join(c.span.of(self.text) for c in kept).rstrip("\r\n")
        return (Edit(Span(at, stop), self.text[keep_from : first_newline + 1] + tail),)

    @staticmethod
    def _starts_token(run: RunFacts, at: int) -> bool:
        """Tell whether ``at`` is where a token begins (so that what is before it may be blank)."""
        assert run.script is not None
        text = run.script.text
        return at == 0 or (at < len(text) and text[at] not in " \t\n;&|)" and text[at - 1] in " \t\n;(")

    def _next_line(self, at: int, stop: int) -> int:
        newline = self.text.find("\n", at, stop)
        return stop if newline < 0 else newline + 1

    @staticmethod
    def _has_heredoc(stmt: Stmt) -> bool:
        stack: list[object] = [stmt]
        while stack:
            node = stack.pop()
            if isinstance(node, Redirect) and node.is_heredoc:
                return True
            stack.extend(getattr(node, "children", ()))
        return False

    def _line_indent(self, at: int) -> str:
        start = self.text.rfind("\n", 0, at) + 1
        line = self.text[start:at]
        return line[: len(line) - len(line.lstrip(" \t"))]

    # --- whole instructions ------------------------------------------------------------

    def set_flag(self, node: Instruction, name: str, value: str) -> Edits:
        """Return the edit that gives ``node`` the flag ``--name=value``, replacing an old one."""
        flag = node.flag(name)
        if flag is not None:
            return (Edit(flag.span, f"--{name}={value}"),)
        at = node.flags[-1].span.end if node.flags else node.keyword.end
        return (Edit.insert(at, f" --{name}={value}"),)

    def remove_instruction(self, node: Instruction) -> Edits:
        """Return the edit that takes a top-level instruction away, its comments kept.

        Comment lines inside its continuation become lines of the file. One of two blank
        lines that would then stand together goes too.
        """
        body = self.tree.body
        index = body.index(node)
        kept = "".join(comment.span.of(self.text) for comment in node.comments)
        if kept and not kept.endswith("\n"):
            kept += self.newline
        end = node.span.end
        before_blank = index == 0 or isinstance(body[index - 1], Blank)
        if not kept and before_blank and index + 1 < len(body) and isinstance(body[index + 1], Blank):
            end = body[index + 1].span.end
        start = node.span.start
        if end == len(self.text) and not kept and not self.text.endswith("\n") and start > 0:
            start -= 2 if self.text[start - 2 : start] == "\r\n" else 1
        return (Edit(Span(start, end), kept),)

    def replace_instruction(self, node: Instruction, text: str) -> Edits | None:
        """Return the edit that replaces the code of ``node`` (no comment may stand inside it)."""
        if any(c.span.start < node.code.end for c in node.comments):
            return None
        return (Edit(node.code, text),)

    def insert_line_before(self, node: Instruction, line: str) -> Edits:
        """Return the edit that puts a line above ``node`` and above its comment block."""
        at = node.lead[0].span.start if node.lead else node.span.start
        return (Edit.insert(at, line + self.newline),)

    def insert_line_after(self, node: Instruction, line: str) -> Edits:
        """Return the edit that puts a line of the file directly below ``node``."""
        end = node.span.end
        if self.text[end - 1 : end] == "\n":
            return (Edit.insert(end, line + self.newline),)
        return (Edit.insert(end, self.newline + line),)
