"""The line that names another frontend, taken out for an engine that cannot fetch one.

BuildKit fetches the image that a ``# syntax=`` line names from a registry before it does anything
else, even when it would not need it; nothing but the text turns that off (BuildKit 26.1.5: tried
``--build-arg BUILDKIT_SYNTAX=``, 23 November 2026). Invariant: no line is added or removed, and the
other parser directives keep their meaning.
"""


def without_syntax_line(text: str) -> tuple[str, bool]:
    """Return a Dockerfile whose ``# syntax=`` line means nothing, and whether there was one.

    A comment ends the list of directives, so the line goes behind those that follow it.

    >>> without_syntax_line("# syntax=docker/dockerfile:1\\nFROM a\\n")
    ('# (without: syntax=docker/dockerfile:1)\\nFROM a\\n', True)
    """
    from dockeropt.syntax import parse
    from dockeropt.syntax.nodes import Directive

    directives: list[Directive] = []
    for node in parse(text).body:
        if not isinstance(node, Directive):
            break
        directives.append(node)
    found = next((one for one in directives if one.name.lower() == "syntax"), None)
    if found is None:
        return text, False
    end = directives[-1].span.end
    line = found.span.of(text)
    later = text[found.span.end : end]
    words = line.lstrip("\ufeff").strip().removeprefix("#").strip()
    mark = "\ufeff" if line.startswith("\ufeff") else ""
    comment = f"# (without: {words})"
    ending = line[len(line.rstrip("\r\n")) :]
    if later and not later.endswith("\n"):  # the last line of the file has no line end
        later, ending = f"{later}{ending}", ""
    return f"{text[: found.span.start]}{mark}{later}{comment}{ending}{text[end:]}", True
