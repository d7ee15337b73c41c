"""Which Dockerfiles a bake file builds, with which contexts, arguments and targets.

JSON is read with the standard library; HCL with python-hcl2, which is an extra. Neither functions
nor conditions are worked out: what depends on them is not known. Source: Bake file reference,
docs.docker.com, read 2026-11.

Invariant: a value is the one that bake uses when nobody sets a variable from outside, or ``None``.
Paths are relative to the folder of the file, as when bake runs there.
"""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dockeropt.errors import FileProblem
from dockeropt.project.builds import Builds, BuildUse, Skipped, is_remote, joined

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
_OWN_BUILD = ("context", "dockerfile", "dockerfile-inline", "target")
_DEEPEST = 20


def read_bake(text: str, path: str) -> Builds:
    """Return what a bake file builds.

    Args:
        text: The text of the file.
        path: Its path; a name that ends in ``.json`` is read as JSON, any other as HCL.

    Raises:
        FileProblem: The file is malformed, or python-hcl2 is not installed.
    """
    return _Bake(text, path).builds()


class _Bake:
    """One bake file."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.is_json = path.lower().endswith(".json")
        data = self._json() if self.is_json else self._hcl()
        if not isinstance(data, dict):
            raise FileProblem(
                "a bake file has to be an object", path=path, line=1, column=1, hint='write {"target": …}'
            )
        self.targets = self._blocks(data, "target")
        self.groups = self._blocks(data, "group")
        self.variables = self._blocks(data, "variable")
        if not self.targets:
            hint = "write a target block: it says what to build"
            raise FileProblem("no target in this bake file", path=path, line=1, column=1, hint=hint)

    def _json(self) -> object:
        import json

        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            raise FileProblem(
                f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}",
                path=self.path,
                line=error.lineno,
                column=error.colno,
                hint="see the lines above it",
            ) from None
        except RecursionError:
            raise FileProblem("JSON nested too deep", path=self.path, hint="this is hardly meant") from None

    def _hcl(self) -> object:
        try:
            import hcl2
        except ImportError:
            hint = "pip install 'dockeropt[bake]', or write the file as JSON"
            raise FileProblem("reading HCL needs python-hcl2", path=self.path, hint=hint) from None
        try:
            return hcl2.loads(self.text if self.text.endswith("\n") else self.text + "\n")
        except RecursionError:
            raise FileProblem("HCL nested too deep", path=self.path, hint="this is hardly meant") from None
        except Exception as error:  # noqa: BLE001 - the parser below raises errors of many kinds
            line, column = getattr(error, "line", 0), getattr(error, "column", 0)
            raise FileProblem(
                "not valid HCL",
                path=self.path,
                line=line if isinstance(line, int) and line > 0 else 0,
                column=column if isinstance(column, int) and column > 0 else 0,
                hint="see the lines above it",
            ) from None

    def _blocks(self, data: Mapping[str, Any], kind: str) -> dict[str, Mapping[str, Any]]:
        """Return the blocks of a kind by name; later ones add to earlier ones of the same name."""
        found: dict[str, Mapping[str, Any]] = {}
        blocks = data.get(kind, {})
        for block in blocks if isinstance(blocks, list) else [blocks]:
            for name, body in block.items() if isinstance(block, dict) else ():
                plain = _unquoted(name) if not self.is_json else name
                if not isinstance(body, dict):
                    line, column = self._place(plain, kind)
                    raise FileProblem(
                        f"{kind} '{plain}' has to be a block",
                        path=self.path,
                        line=line,
                        column=column,
                        hint="write {…}",
                    )
                keys = {_unquoted(key) if not self.is_json else key: value for key, value in body.items()}
                found[plain] = {**found.get(plain, {}), **keys}
        return found

    def _place(self, name: str, kind: str = "target") -> tuple[int, int]:
        """Return the 1-based line and column of a block."""
        if self.is_json:
            section = self.text.find(f'"{kind}"')
            at = max(self.text.find(f'"{name}"', max(section, 0)), 0)
        else:
            match = re.search(rf'^[ \t]*({kind}[ \t]+"?{re.escape(name)}"?)', self.text, re.MULTILINE)
            at = match.start(1) if match else 0
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)

    # --- values ------------------------------------------------------------------------

    def _value(self, value: object, depth: int = 0) -> str | None:
        """Return a value as text, ``None`` when it is not known."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        if not isinstance(value, str) or depth > _DEEPEST:
            return None
        if self.is_json:
            return self._template(value, depth)
        heredoc = re.fullmatch(r"<<(-?)(\w+)\r?\n(.*\n|)[ \t]*\2\s*", value.strip('"'), re.DOTALL)
        if heredoc:
            return self._template(_dedented(heredoc[3]) if heredoc[1] else heredoc[3], depth)
        if value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
            plain = value[1:-1]
            # Escapes other than these do not stand in paths, arguments and targets.
            if re.search(r"\\[^\"\\nt]", plain):
                return None
            plain = re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), plain)
            return self._template(plain, depth)
        if value.startswith("${") and value.endswith("}"):
            return self._variable(value[2:-1].strip(), depth)
        return self._variable(value, depth)

    def _template(self, text: str, depth: int) -> str | None:
        out: list[str] = []
        at = 0
        for match in _REFERENCE.finditer(text):
            out.append(text[at : match.start()])
            at = match.end()
            if match.group() == "$${":
                out.append("${")
                continue
            value = self._variable(match[1].strip(), depth)
            if value is None:
                return None
            out.append(value)
        rest = text[at:]
        if "%{" in rest or "${" in rest:
            return None
        return "".join([*out, rest])

    def _variable(self, name: str, depth: int) -> str | None:
        if not _NAME.fullmatch(name) or name not in self.variables:
            return None
        return self._value(self.variables[name].get("default"), depth + 1)

    def _list(self, value: object) -> list[str | None]:
        return [self._value(entry) for entry in value] if isinstance(value, list) else [None]

    # --- targets -----------------------------------------------------------------------

    def builds(self) -> Builds:
        """Return the builds of all targets that are meant to be built."""
        uses: list[BuildUse] = []
        skipped: list[Skipped] = []
        groups = {name: self._members(name, frozenset()) for name in self.groups}
        grouped = {member for members in groups.values() for member in members}
        inherited = {
            parent
            for name, body in self.targets.items()
            for parent in self._list(body.get("inherits", []))
            if parent != name
        }
        for name, body in self.targets.items():
            abstract = name.startswith("_") or (
                name in inherited and not any(key in body for key in _OWN_BUILD)
            )
            if abstract and name not in grouped:
                continue
            made = self._use(name)
            if isinstance(made, BuildUse):
                uses.append(made)
            else:
                skipped.append(made)
        names = (*self.targets, *self.groups)
        return Builds(tuple(uses), tuple(skipped), names, tuple(groups.items()))

    def _members(self, name: str, above: frozenset[str]) -> tuple[str, ...]:
        """Return the targets of a group, those of groups in it included."""
        if name in above or name not in self.groups:
            return (name,) if name in self.targets else ()
        members = [member for member in self._list(self.groups[name].get("targets", [])) if member]
        found = [inner for member in members for inner in self._members(member, above | {name})]
        return tuple(dict.fromkeys(found))

    def _merged(self, name: str, above: Sequence[str]) -> Mapping[str, Any] | str:
        """Return a target with what it inherits, or the reason why that is not known."""
        if name in above or len(above) > _DEEPEST:
            return f"target '{name}' inherits itself"
        if name not in self.targets:
            return f"it inherits '{name}', which is not in this file"
        merged: dict[str, Any] = {}
        body = self.targets[name]
        for parent in self._list(body.get("inherits", [])):
            if parent is None:
                return "what it inherits is not known"
            inherited = self._merged(parent, [*above, name])
            if isinstance(inherited, str):
                return inherited
            _merge(merged, inherited)
        _merge(merged, body)
        return merged

    def _use(self, name: str) -> BuildUse | Skipped:
        line, column = self._place(name)
        skipped = Skipped(name, "", self.path, line, column)
        body = self._merged(name, ())
        if isinstance(body, str):
            return skipped._replace(reason=body)
        found: dict[str, str] = {}
        unknown: list[str] = []
        for key in _OWN_BUILD:
            if body.get(key) is not None:
                value = self._value(body[key])
                if value is None:
                    unknown.append(key)
                else:
                    found[key] = value
        context = found.get("context") or "."
        if is_remote(context) or context.startswith("target:"):
            return skipped._replace(reason="the context is not a folder of this machine")
        folder = joined(os.path.dirname(self.path), context)
        inline = found.get("dockerfile-inline")
        dockerfile = "" if inline is not None else joined(folder, found.get("dockerfile") or "Dockerfile")
        if {"context", "dockerfile", "dockerfile-inline"} & {*unknown}:
            return skipped._replace(reason=f"{unknown[0]} depends on what is known only when bake runs")
        if "matrix" in body:
            return skipped._replace(reason="a matrix is not supported", dockerfile=dockerfile)
        if unknown:
            reason = "target depends on what is known only when bake runs"
            return skipped._replace(reason=reason, dockerfile=dockerfile)
        return BuildUse(
            name,
            folder,
            dockerfile,
            inline,
            None,
            tuple((key, self._value(value)) for key, value in self._map(body.get("args"))),
            found.get("target", ""),
            tuple((key, self._value(value) or "") for key, value in self._map(body.get("contexts"))),
            self.path,
            line,
            column,
        )

    def _map(self, value: object) -> list[tuple[str, object]]:
        if not isinstance(value, dict):
            return []
        return [
            (key if self.is_json else _unquoted(key), item) for key, item in value.items() if key[:2] != "__"
        ]


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if (
            key in {"args", "contexts", "labels"}
            and isinstance(into.get(key), dict)
            and isinstance(value, dict)
        ):
            into[key] = {**into[key], **value}
        else:
            into[key] = value


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _dedented(text: str) -> str:
    lines = text.splitlines(keepends=True)
    margin = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
    return "".join([line[margin:] if line.strip() else line.lstrip(" \t") for line in lines])
