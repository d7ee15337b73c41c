"""Image references: what FROM, ``COPY --from`` and ``--mount=from=`` name.

Invariant: ``ImageRef.text`` is the reference as written; everything else is read from it and
nothing is normalised away, so an edit can keep the user's spelling. A property that the
reference alone does not settle is ``None``.

Source: distribution ``reference`` (``regexp.go``, ``normalize.go``), which BuildKit calls.
"""

import re
from functools import cache
from typing import NamedTuple

from dockeropt.shell.nodes import Dialect

_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_HEX_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
_MAX_PATH = 255

_DOCKER_HUB = (None, "docker.io", "index.docker.io")
_MIRRORS = ("public.ecr.aws/docker/library/", "mirror.gcr.io/library/")
"""Where the Docker Official Images are copied to, name and tags unchanged (Amazon ECR Public
Gallery, "Docker Official Images"; Google Artifact Registry, "Pull cached Docker Hub images")."""

_DIALECTS = {
    "debian": Dialect.DASH,
    "ubuntu": Dialect.DASH,
    "alpine": Dialect.ASH,
    "busybox": Dialect.ASH,
    "fedora": Dialect.BASH,
    "rhel": Dialect.BASH,
    "suse": Dialect.BASH,
    "arch": Dialect.BASH,
}


class ImageRef(NamedTuple):
    """Hold a reference to an image.

    Args:
        text: The whole reference as written.
        registry: Host and port if written, else ``None`` (Docker Hub).
        repository: The path as written, without the registry.
        tag: The tag if written.
        digest: ``algorithm:hex`` if written; it decides over the tag.
    """

    text: str
    registry: str | None
    repository: str
    tag: str | None
    digest: str | None

    def __str__(self) -> str:
        return self.text

    @property
    def name(self) -> str:
        """Return the last component of the repository path.

        >>> parse("ghcr.io/acme/web:2").name
        'web'
        """
        return self.repository.rpartition("/")[2]

    @property
    def is_official(self) -> bool:
        """Tell whether it is a Docker Official Image, or ``scratch`` (Docker Hub, ``library/``)."""
        if self.registry not in _DOCKER_HUB:
            return False
        return "/" not in self.repository.removeprefix("library/")

    @property
    def official(self) -> str | None:
        """Return the name of the Docker Official Image it stands for, mirrors included."""
        if self.is_official:
            return self.name
        path = f"{self.registry}/{self.repository}"
        return self.name if path.rpartition("/")[0] + "/" in _MIRRORS else None

    @property
    def full_name(self) -> str:
        """Return registry and repository as Docker completes them, without tag and digest.

        >>> parse("python:3.12").full_name
        'docker.io/library/python'
        """
        if self.registry not in _DOCKER_HUB:
            return f"{self.registry}/{self.repository}"
        return f"docker.io/{'library/' if '/' not in self.repository else ''}{self.repository}"

    @property
    def family(self) -> str | None:
        """Return the Linux family: debian, ubuntu, alpine, fedora, rhel, suse, arch or busybox.

        Also ``windows``, and ``scratch`` for images without a system. ``None`` when nobody
        told us: third-party images that the table does not list, or a digest without a tag.
        """
        if self.digest is not None and self.tag is None:
            return None
        from dockeropt.knowledge.families import family_of

        name = self.official
        if name is None:
            name = self.full_name.removeprefix("docker.io/")
        return family_of(name, self.tag)

    @property
    def dialect(self) -> Dialect | None:
        """Return the language of ``/bin/sh`` in the image, ``None`` if unknown or without."""
        return _DIALECTS.get(self.family or "")

    def with_tag(self, tag: str) -> str:
        """Return the reference with another tag, as the user spelt the rest, without digest."""
        name = self.text.partition("@")[0]
        if self.tag is not None:
            name = name[: -len(self.tag) - 1]
        return f"{name}:{tag}"


@cache
def _host() -> re.Pattern[str]:
    part = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
    return re.compile(rf"(?:{part}(?:\.{part})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?")


def parse(text: str) -> ImageRef | None:
    """Return the reference that ``text`` is, ``None`` if Docker would not take it.

    Args:
        text: An expanded word, no variables left in it.

    Source: distribution ``reference.ParseNormalizedNamed``.
    """
    if _is_identifier(text):
        return None
    rest, at, digest = text.partition("@")
    if at and not _is_digest(digest):
        return None
    name, colon, tag = rest, "", ""
    place = rest.find(":", rest.rfind("/") + 1)
    if place >= 0:
        name, colon, tag = rest[:place], ":", rest[place + 1 :]
        if not _TAG.fullmatch(tag):
            return None
    registry: str | None = None
    repository = name
    first, slash, path = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost" or first.lower() != first):
        if not _host().fullmatch(first):
            return None
        registry, repository = first, path
    if len(repository) > _MAX_PATH:
        return None
    for component in repository.split("/"):
        if not _COMPONENT.fullmatch(component):
            return None
    return ImageRef(text, registry, repository, tag if colon else None, digest if at else None)


def _is_identifier(text: str) -> bool:
    """Tell whether it looks like an image ID, which Docker refuses as a name."""
    return len(text) == 64 and not text.strip("0123456789abcdef")


def _is_digest(text: str) -> bool:
    algorithm, _, digits = text.partition(":")
    return len(digits) == _HEX_DIGITS.get(algorithm) and not digits.strip("0123456789abcdef")
