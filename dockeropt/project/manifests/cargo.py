"""Cargo: ``Cargo.toml`` and ``Cargo.lock``, which it reads only together with the source.

Source: The Cargo Book, "Cargo Targets": a manifest without a target file (``src/lib.rs``,
``src/main.rs``) is an error, for ``cargo fetch`` too.
"""

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Reads, Refused, Request

NAMES = ("Cargo.toml", "rust-toolchain", "rust-toolchain.toml")
LOCKS = ("Cargo.lock",)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Refuse: there is no step that reads the manifests alone."""
    _ = build, request
    raise Refused("Cargo reads a manifest only where its source files are")
