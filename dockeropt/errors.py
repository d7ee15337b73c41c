"""Everything that can go wrong in a way that a user can mend, each as one line.

Invariant: ``str(error)`` is one line, ``path:line:column: message (hint: …)``, with control
characters escaped, so a hostile file name cannot forge output. A traceback shown to a
user is a bug of ours.
"""

from dockeropt.text import Source, Span


def printable(text: str) -> str:
    r"""Return ``text`` with control characters and invalid bytes written as escapes.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def reason_of(error: OSError) -> str:
    """Return what the system says, as messages say it: ``no such file or directory``."""
    return (error.strerror or str(error)).lower()


class DockeroptError(Exception):
    """A problem with a place and a way out of it.

    Args:
        message: What is wrong, without a final full stop.
        path: The file concerned, or ``""``.
        line: 1-based line, 0 when there is none.
        column: 1-based column in code points, 0 when there is none.
        hint: What to do about it, or ``""``.
    """

    def __init__(
        self, message: str, *, path: str = "", line: int = 0, column: int = 0, hint: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)]) if self.path else ""
        hint = f" (hint: {self.hint})" if self.hint else ""
        return printable(f"{place}: {self.message}{hint}" if place else f"{self.message}{hint}")

    def __reduce__(self) -> tuple[object, ...]:
        # The default would call the class with the message alone and lose the rest.
        return _rebuild, (type(self), self.message, self.path, self.line, self.column, self.hint)


def _rebuild(
    kind: type[DockeroptError], message: str, path: str, line: int, column: int, hint: str
) -> DockeroptError:
    return kind(message, path=path, line=line, column=column, hint=hint)


class SyntaxProblem(DockeroptError):
    """BuildKit rejects the file. The message is BuildKit's reason."""

    @classmethod
    def at(
        cls, source: Source, span: Span, message: str, *, path: str = "", hint: str = ""
    ) -> "SyntaxProblem":
        """Return the problem at the start of ``span`` of ``source``."""
        place = source.position(span.start)
        return cls(message, path=path, line=place.line, column=place.column, hint=hint)


class ConfigError(DockeroptError):
    """A configuration file or an option says something that has no meaning."""


class FileProblem(DockeroptError):
    """A file cannot be read, must not be read, or cannot be written."""

    @classmethod
    def of(cls, error: OSError, path: str, *, hint: str = "") -> "FileProblem":
        """Return what the system says of the file at ``path``."""
        return cls(reason_of(error), path=path, hint=hint)


class PassError(DockeroptError):
    """A pass raised an exception or broke an invariant; its change was dropped."""


class InternalProblem(DockeroptError):
    """Something that must not happen happened in our own code; ``trace`` says where."""

    trace = ""

    @classmethod
    def of(cls, error: Exception, path: str) -> "InternalProblem":
        """Return what a user is told of an exception that nobody expected."""
        from traceback import format_exception

        made = cls(
            f"{type(error).__name__}: {error}; this is a bug in dockeropt",
            path=path,
            hint="-v shows the traceback",
        )
        made.trace = "".join(format_exception(error))
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return (*super().__reduce__(), {"trace": self.trace})
