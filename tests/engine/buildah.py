"""buildah from Debian 12 as a second engine, with storage of its own and docker's base images.

Invariant: the machine's own images and settings of buildah are not touched; all that it writes is
below the folder of the engine.
"""

import os
import shutil
from pathlib import Path

from tests.engine.dockerd import Daemon
from tests.engine.place import Failure, home, install_tools, ran

IMAGES = ("debian:bookworm-slim", "busybox:latest")
"""What is moved over: enough to compare, quick to move."""


class Rig:
    """buildah's storage in one folder.

    Args:
        folder: Where it is.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or home()) / "buildah"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables with which buildah uses this storage, and RUN needs no container runtime."""
        return {
            "BUILDAH_ISOLATION": "chroot",
            "CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"),
        }

    def ready(self) -> bool:
        """Return whether the images were moved over."""
        return (self.folder / "ready").exists()

    def install(self, daemon: Daemon) -> None:
        """Install buildah and move base images over from a running docker.

        Raises:
            Failure: A package cannot be had, or no storage driver works.
        """
        install_tools(("buildah", "podman"))  # podman reads and runs what buildah builds
        if self.ready():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for driver in ("overlay", "vfs"):
            self._settings(driver)
            try:
                self._move(daemon)
            except Failure:
                if driver == "vfs":
                    raise
                shutil.rmtree(self.folder / "storage", ignore_errors=True)
            else:
                (self.folder / "ready").touch()
                return

    def _settings(self, driver: str) -> None:
        (self.folder / "storage.conf").write_text(
            f'[storage]\ndriver = "{driver}"\nrunroot = "{self.folder}/run"\ngraphroot = "{self.folder}/storage"\n'
        )

    def _move(self, daemon: Daemon) -> None:
        environment = {**os.environ, **self.environment}
        archive = self.folder / "images.tar"
        for name in IMAGES:
            daemon.docker("save", "--output", archive, name)
            found = ran("buildah", "pull", "--quiet", f"docker-archive:{archive}", env=environment).split()[
                -1
            ]
            ran("buildah", "tag", found, f"localhost/{name}", env=environment)
            archive.unlink()
        ran("buildah", "rm", ran("buildah", "from", IMAGES[0], env=environment).strip(), env=environment)
