"""Where the program starts: ``dockeropt`` and ``python -m dockeropt``.

Invariant: a plain ``fix`` or ``check`` loads neither typer nor rich, which would take
longer than the work itself; whatever else is asked, typer answers.
"""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: The words after the program's name; those of the process by default.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words == ["--version"]:
            from dockeropt import __version__

            sys.stdout.write(f"dockeropt {__version__}\n")
            return 0
        from dockeropt.cli.arguments import parse

        request = parse(words)
        if request is not None:
            from dockeropt.cli.run import run

            return run(request)
        from dockeropt.cli.app import run as run_app

        return run_app(words)
    except KeyboardInterrupt:
        sys.stderr.write("dockeropt: interrupted\n")
        return 130


def _leave_folder_alone() -> None:
    """Take the current folder off the import path: nothing in a scanned project is executed.

    ``python -m`` puts it first, and a ``typer.py`` lying there would be run.
    """
    import os

    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if sys.path and os.path.abspath(sys.path[0]) == os.getcwd() != ours:
        del sys.path[0]


if __name__ == "__main__":
    _leave_folder_alone()
    sys.exit(main())
