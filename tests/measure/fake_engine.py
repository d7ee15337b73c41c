"""An engine that builds nothing and yet answers, to try the logic around it.

It understands a toy language in RUN: ``touch PATH…``, ``mode PATH OCTAL``, ``fail``, ``size PATH BYTES``,
``noise PATH`` (another content in every build), joined by ``&&``. COPY takes one file or ``.``.
"""

import io
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

from dockeropt.measure.engine import BuildOutcome, BuildRequest, BuildStep, Image, ImageLayer

File = tuple[bytes, int]


class FakeContainer:
    """A container that says what it was told to say."""

    def __init__(self, engine: "FakeEngine", tag: str) -> None:
        self.engine = engine
        self.tag = tag

    def exec(self, command: Sequence[str], *, timeout: float) -> tuple[int, str]:
        if command[:2] == ("sh", "-c") and command[2].startswith("test -f "):
            path = command[2].removeprefix("test -f ")
            return int(path not in self.engine.images[self.tag][0]), ""
        return 0, ""

    def state(self) -> tuple[str, int, str]:
        return "running", 0, ""

    def logs(self) -> str:
        return ""

    def ports(self) -> frozenset[int] | None:
        return frozenset()


class FakeEngine:
    """Interpret Dockerfiles; count what is asked, and remember what is still there."""

    name = "fake"
    version = "1"

    def __init__(self) -> None:
        self.images: dict[str, tuple[dict[str, File], dict[str, Any]]] = {}
        self.built: list[str] = []
        self.containers = 0
        self.cache: set[str] = set()
        self.flaky = 0
        self.swept: list[str] = []
        self.cannot: tuple[str, ...] = ()
        self.on_build: Callable[[], None] = lambda: None

    def lacks(self, dockerfile: str) -> tuple[str, ...]:
        return tuple([word for word in self.cannot if word in dockerfile])

    def build(self, request: BuildRequest, progress: Callable[[str], None] | None = None) -> BuildOutcome:
        self.on_build()
        with open(request.dockerfile, encoding="utf-8") as file:
            text = file.read()
        self.built.append(text.rstrip("\n"))
        lines = text.replace("\\\n", "").splitlines()
        files: dict[str, File] = {"/etc/base": (b"base", 0o644)}
        config: dict[str, Any] = {"Cmd": ["sh"], "Labels": {}}
        steps: list[BuildStep] = []
        key = ""
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            if not word or word.startswith("#") or word == "FROM":
                continue
            if progress is not None:
                progress(line)
            key += line
            if word == "COPY":
                key += self._copy(request.context, rest, files)
            elif word == "RUN":
                for command in rest.split("&&"):
                    if not self._run(command.split(), files):
                        return BuildOutcome(False, 0.1, tuple(steps), f"{line}\nno luck", line, "no luck")
            elif word == "LABEL":
                name, _, value = rest.partition("=")
                config["Labels"][name] = value
            else:
                config[word.title()] = rest
            if word in {"RUN", "COPY"}:
                steps.append(BuildStep(line, key in self.cache and not request.no_cache, 0.1))
                self.cache.add(key)
        if self.flaky:
            self.flaky -= 1
            return BuildOutcome(False, 0.1, (), "network down", "RUN", "network down")
        self.images[request.tag] = files, config
        return BuildOutcome(True, 0.1 * len(steps), tuple(steps), "fine")

    def _copy(self, context: str, words: str, files: dict[str, File]) -> str:
        source, target = words.split()[-2:]
        names = sorted(os.listdir(context)) if source == "." else [source]
        ignored: list[str] = []
        with_rules = os.path.join(context, ".dockerignore")
        if os.path.exists(with_rules):
            with open(with_rules, encoding="utf-8") as file:
                ignored = file.read().split()
        seen = ""
        for name in names:
            full = os.path.join(context, name)
            if os.path.isfile(full) and name not in ignored:
                with open(full, "rb") as file:
                    content = file.read()
                files[f"{target.rstrip('/')}/{name}"] = (content, 0o644)
                seen += f"{name}{content!r}"
        return seen

    def _run(self, words: list[str], files: dict[str, File]) -> bool:
        if words[0] == "fail":
            return False
        for path in words[1:]:
            if words[0] == "touch":
                files[path] = (b"", 0o644)
            elif words[0] == "noise":
                files[path] = (str(len(self.built)).encode(), 0o644)
        if words[0] == "mode":
            files[words[1]] = (files[words[1]][0], int(words[2], 8))
        if words[0] == "size":
            files[words[1]] = (b"x" * int(words[2]), 0o644)
        return True

    def image(self, tag: str) -> Image:
        files, config = self.images[tag]
        layers = tuple(self._layers(tag))
        return Image(f"sha256:{tag}", sum(len(content) for content, _ in files.values()), layers, config)

    def _layers(self, tag: str) -> Iterator[ImageLayer]:
        size = sum(len(content) for content, _ in self.images[tag][0].values())
        yield ImageLayer("RUN /bin/sh -c everything # buildkit", size, "sha256:one")

    @contextmanager
    def tree(self, tag: str) -> Iterator[IO[bytes]]:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as tar:
            for path, (content, mode) in self.images[tag][0].items():
                member = tarfile.TarInfo(path.lstrip("/"))
                member.size, member.mode = len(content), mode
                tar.addfile(member, io.BytesIO(content))
        stream.seek(0)
        yield stream

    def compressed(self, tag: str, known: Mapping[str, int]) -> Mapping[str, int]:
        return {"sha256:one": 7}

    @contextmanager
    def start(
        self, tag: str, *, command: Sequence[str] = (), options: Sequence[str] = (), run: str = ""
    ) -> Iterator[FakeContainer]:
        self.containers += 1
        yield FakeContainer(self, tag)
        self.containers -= 1

    def remove(self, tags: Sequence[str]) -> None:
        for tag in tags:
            self.images.pop(tag, None)

    def sweep(self, run: str) -> None:
        self.swept.append(run)
