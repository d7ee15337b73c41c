"""Which Dockerfiles a compose file builds, with which contexts, arguments and targets.

Only what concerns builds is read, and what is read is checked: a build that compose would refuse
is an error with a place. Source: Compose file reference and Compose Build Specification,
docs.docker.com, read 2026-11.

Invariant: no file is opened here; ``extends`` and ``include`` ask the caller for the text of others.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from dockeropt.project.builds import Builds, BuildUse, Skipped, is_remote, joined, nearest
from dockeropt.project.interpolation import interpolate
from dockeropt.project.yamltree import Node, Tree, is_list, is_map, is_null, is_scalar, is_text, kind_of
from dockeropt.text import Span

Reader = Callable[[str], str | None]
"""Gives the text of another file, ``None`` when it cannot be read."""

BUILD_KEYS = frozenset(
    "context dockerfile dockerfile_inline args ssh cache_from cache_to extra_hosts isolation labels no_cache "
    "no_cache_filter pull shm_size target secrets tags ulimits platforms privileged network "
    "additional_contexts entitlements provenance sbom".split()
)
"""What may stand below ``build`` (Compose Build Specification)."""

_LISTS = (
    "volumes",
    "ports",
    "expose",
    "depends_on",
    "networks",
    "links",
    "environment",
    "devices",
    "configs",
)
_DEEPEST = 8


class _Value(NamedTuple):
    """A node, and the document that its relative paths belong to."""

    node: Node
    document: "_Document"


class _Build(NamedTuple):
    """The ``build`` of a service, ``extends`` followed; ``values`` holds the plain keys."""

    key: Node
    document: "_Document"
    values: Mapping[str, _Value]
    args: Mapping[str, str | None]
    contexts: Mapping[str, str]


class _Skip(Exception):
    """A build that cannot be known; the message says why, and ``dockerfile`` what it builds, if known."""

    dockerfile = ""


class _Document:
    """One compose file: its tree and the folder that paths in it start from."""

    def __init__(
        self, text: str, path: str, folder: str, read: Reader, variables: Mapping[str, str], depth: int
    ) -> None:
        self.tree = Tree(text, path)
        self.path = path
        self.folder = folder
        self.read = read
        self.variables = variables
        self.depth = depth
        self.top = self._top()
        services = self.top.get("services")
        self.services = (
            self.tree.expect_map(services[1], "services", "write '  name:' below it") if services else {}
        )

    def _top(self) -> dict[str, tuple[Node, Node]]:
        root = self.tree.root
        if root is None:
            raise self.tree.wrong(None, "an empty compose file", "write 'services:' and a service below it")
        top = self.tree.expect_map(root, "a compose file", "write 'services:' and a service below it")
        if "services" not in top and "include" not in top:
            meant = next((name for name in top if nearest(name, ("services",))), "")
            first = next(iter(top.values()))[1] if top else root
            if meant and not (is_map(first) and {key.value for key, _ in first.value} & {"image", "build"}):
                raise self.tree.wrong(top[meant][0], f"unknown key '{meant}'", "did you mean services?")
            hint = "write 'services:' and put the services below it, indented"
            raise self.tree.wrong(root, "no 'services' in this compose file", hint)
        return top

    # --- services ----------------------------------------------------------------------

    def builds(self) -> Iterator[BuildUse | Skipped]:
        """Yield the builds of this file, and those of the files that it includes."""
        for name, (key, value) in self.services.items():
            place = (self.path, key.start_mark.line + 1, key.start_mark.column + 1)
            try:
                build = self.build(name, value, frozenset())
                if build is not None:
                    mark = build.key.start_mark
                    place = (build.document.path, mark.line + 1, mark.column + 1)
                    yield self._use(name, build)
            except _Skip as reason:
                yield Skipped(name, str(reason), *place, reason.dockerfile)
        yield from self._included()

    def build(self, name: str, node: Node, above: frozenset[str]) -> _Build | None:
        """Return what a service builds, ``None`` for nothing."""
        keys = self.tree.expect_map(node, f"service '{name}'", "write 'image:' or 'build:' below it")
        for word in _LISTS:
            if word in keys and is_text(keys[word][1]) and str(keys[word][1].value).startswith("-"):
                self.tree.refuse_glued(keys[word][1])
        wrong = next((key for key in keys if key not in {"build", "ports"} and key.lower() == "build"), None)
        if wrong:
            raise self.tree.wrong(keys[wrong][0], f"unknown key '{wrong}'", "did you mean build?")
        base = self._extended(name, keys["extends"][1], above) if "extends" in keys else None
        if "build" not in keys:
            return base
        key, value = keys["build"]
        if is_null(value) or str(value.tag) == "!reset":
            return base if str(value.tag) != "!reset" else None
        own = self._own(key, value)
        if base is None or str(value.tag) == "!override":
            return own
        values = {**base.values, **own.values}
        if "dockerfile" in own.values:  # the two exclude each other, and the nearer one counts
            values.pop("dockerfile_inline", None)
        elif "dockerfile_inline" in own.values:
            values.pop("dockerfile", None)
        return _Build(key, self, values, {**base.args, **own.args}, {**base.contexts, **own.contexts})

    def _own(self, key: Node, value: Node) -> _Build:
        tree = self.tree
        if is_text(value):
            tree.refuse_glued(value)
            return _Build(key, self, {"context": _Value(value, self)}, {}, {})
        if not is_map(value):
            hint = "write 'build: .' or 'build:' with 'context: .' below it"
            raise tree.wrong(value, f"build has to be a folder or a map, not {kind_of(value)}", hint)
        keys = tree.expect_map(value, "build", "write 'context: .' below it")
        for word, (where, _) in keys.items():
            meant = "" if word in BUILD_KEYS or word.startswith("x-") else nearest(word, BUILD_KEYS)
            if meant:
                raise tree.wrong(where, f"unknown key '{word}' in build", f"did you mean {meant}?")
        if "dockerfile" in keys and "dockerfile_inline" in keys:
            where = keys["dockerfile_inline"][0]
            raise tree.wrong(where, "both dockerfile and dockerfile_inline", "take one of them away")
        values: dict[str, _Value] = {}
        for word in ("context", "dockerfile", "dockerfile_inline", "target"):
            if word in keys and not is_null(keys[word][1]):
                node = keys[word][1]
                if not is_scalar(node) or (word in {"context", "dockerfile_inline"} and not is_text(node)):
                    raise tree.wrong(
                        node, f"{word} has to be a text, not {kind_of(node)}", "write it in quotes"
                    )
                values[word] = _Value(node, self)
        args = self._pairs(keys["args"][1], "args") if "args" in keys else {}
        contexts = (
            self._pairs(keys["additional_contexts"][1], "additional_contexts")
            if "additional_contexts" in keys
            else {}
        )
        return _Build(key, self, values, args, {name: where or "" for name, where in contexts.items()})

    def _pairs(self, node: Node, what: str) -> dict[str, str | None]:
        """Return ``NAME: value`` or ``- NAME=value``; a name without a value is not known."""
        found: dict[str, str | None] = {}
        if is_list(node):
            for entry in self.tree.entries(node):
                if not is_scalar(entry):
                    raise self.tree.wrong(
                        entry, f"{what}: {kind_of(entry)} in the list", "write - NAME=value"
                    )
                name, equals, value = str(entry.value).partition("=")
                found[name.strip()] = interpolate(value, self.variables) if equals else None
            return found
        for name, (_, given) in self.tree.expect_map(node, what, "write 'NAME: value' below it").items():
            if not is_scalar(given):
                raise self.tree.wrong(
                    given, f"{what}: {name} has to be a text, not {kind_of(given)}", "quote it"
                )
            found[name] = None if is_null(given) else interpolate(str(given.value), self.variables)
        return found

    def _extended(self, name: str, node: Node, above: frozenset[str]) -> _Build | None:
        """Return what the service builds that ``name`` extends."""
        keys = self.tree.expect_map(node, "extends", "write 'service: name' below it") if is_map(node) else {}
        if not is_map(node) and not is_text(node):
            raise self.tree.wrong(node, f"extends has to be a map, not {kind_of(node)}", "name a service")
        service = str(keys["service"][1].value) if "service" in keys else str(node.value) if not keys else ""
        file = keys.get("file")
        other = self._other(str(file[1].value)) if file else self
        if service not in other.services:
            close = nearest(service, other.services)
            hint = f"did you mean {close}?" if close else "name a service of this file"
            raise self.tree.wrong(node, f"extends names no service of {other.path}: '{service}'", hint)
        mark = f"{other.path}:{service}"
        if mark in above or len(above) > _DEEPEST:
            raise self.tree.wrong(node, f"service '{name}' extends itself", "take one of the extends away")
        return other.build(service, other.services[service][1], above | {mark})

    def _other(self, name: str, folder: str | None = None) -> "_Document":
        """Return another compose file, with its own folder to start from."""
        known = interpolate(name, self.variables)
        if known is None or is_remote(known):
            raise _Skip(f"{name} is another file, and not one beside this one")
        path = joined(self.folder, known)
        text = self.read(path) if self.depth < _DEEPEST else None
        if text is None:
            raise _Skip(f"{path} cannot be read")
        start = os.path.dirname(path) if folder is None else joined(self.folder, folder)
        return _Document(text, path, start, self.read, self.variables, self.depth + 1)

    def _included(self) -> Iterator[BuildUse | Skipped]:
        if "include" not in self.top:
            return
        node = self.top["include"][1]
        if not is_list(node):
            self.tree.refuse_glued(node)
            raise self.tree.wrong(node, f"include has to be a list, not {kind_of(node)}", "write - file.yaml")
        for entry in self.tree.entries(node):
            mark = entry.start_mark
            folder: str | None = None
            paths = [entry]
            if is_map(entry):
                keys = self.tree.expect_map(entry, "include", "write '- path: file.yaml'")
                paths = [keys["path"][1]] if "path" in keys else []
                paths = list(self.tree.entries(paths[0])) if paths and is_list(paths[0]) else paths
                folder = str(keys["project_directory"][1].value) if "project_directory" in keys else None
            for path in paths:
                try:
                    yield from self._other(str(path.value), folder).builds()
                except _Skip as reason:
                    yield Skipped("include", str(reason), self.path, mark.line + 1, mark.column + 1)

    # --- one build ---------------------------------------------------------------------

    def _use(self, name: str, build: _Build) -> BuildUse:
        context = self._text(build, "context", ".")
        if is_remote(context):
            raise _Skip("the context is not on this machine")
        place = build.values.get("context")
        folder = joined(place.document.folder if place else build.document.folder, context)
        mark = build.key.start_mark
        inline: str | None = None
        span: Span | None = None
        dockerfile = ""
        file = build.document.path
        if "dockerfile_inline" in build.values:
            node, document = build.values["dockerfile_inline"]
            inline = interpolate(str(node.value), document.variables)
            if inline is None:
                raise _Skip("compose replaces a $ in dockerfile_inline that is not written $$")
            span = Span(node.start_mark.index, node.end_mark.index)
            file, mark = document.path, node.start_mark
        else:
            dockerfile = joined(folder, self._text(build, "dockerfile", "Dockerfile"))
        try:
            target = self._text(build, "target", "")
        except _Skip as reason:
            reason.dockerfile = dockerfile
            raise
        line, column = mark.line + 1, mark.column + 1
        return BuildUse(
            name, folder, dockerfile, inline, span, tuple(build.args.items()), target,
            tuple(build.contexts.items()), file, line, column,
        )  # fmt: skip

    def _text(self, build: _Build, key: str, default: str) -> str:
        if key not in build.values:
            return default
        node, document = build.values[key]
        found = interpolate(str(node.value), document.variables)
        if found is None:
            raise _Skip(f"{key} depends on the environment: {node.value}")
        return found or default


def read_compose(
    text: str, path: str, *, read: Reader | None = None, variables: Mapping[str, str] | None = None
) -> Builds:
    """Return what a compose file builds.

    Args:
        text: The text of the file.
        path: Its path; contexts are relative to its folder.
        read: Gives the text of files that it extends or includes; nothing is read without.
        variables: Values for ``${…}``, such as those of the ``.env`` file.

    Raises:
        FileProblem: The file is malformed, with the place.
    """
    document = _Document(text, path, os.path.dirname(path), read or (lambda _: None), variables or {}, 0)
    found = list(document.builds())
    return Builds(
        tuple([use for use in found if isinstance(use, BuildUse)]),
        tuple([skipped for skipped in found if isinstance(skipped, Skipped)]),
        tuple(dict.fromkeys([*document.services, *[use.service for use in found]])),
    )
