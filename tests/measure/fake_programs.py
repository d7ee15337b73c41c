"""Programs that take the place of docker, podman and buildah: small scripts in a folder of their own."""

import sys
from pathlib import Path

HEAD = f"#!{sys.executable}\nimport json, os, sys, time\nargs = sys.argv[1:]\n"
RECORD = "open({path!r}, 'a').write(json.dumps([os.path.basename(sys.argv[0]), *args]) + '\\n')\n"


class Programs:
    """A folder of made-up engines that is the whole PATH, and the calls that they got."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._calls = folder / "calls.jsonl"

    def add(self, name: str, body: str) -> None:
        """Write a program: Python, in which ``args`` are its arguments."""
        path = self.folder / name
        path.write_text(HEAD + RECORD.format(path=str(self._calls)) + body)
        path.chmod(0o755)

    def calls(self) -> list[list[str]]:
        """Return the calls so far, name of the program first."""
        import json

        if not self._calls.exists():
            return []
        return [json.loads(line) for line in self._calls.read_text().splitlines()]


DOCKER = """
if args[:1] == ["version"]:
    print("26.1.5")
elif args[:2] == ["buildx", "version"]:
    print("buildx 0.13.1")
elif args[:2] == ["buildx", "inspect"]:
    print("Name: default\\nDriver: docker")
"""
"""A docker that answers, without doing anything."""
