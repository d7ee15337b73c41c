"""Builds with what runs again after an edit: read by the model's test and by the engine's."""

from typing import NamedTuple

BASE = "FROM debian:bookworm-slim"


class Build(NamedTuple):
    """A Dockerfile, its context, the file that is edited, and the keywords of what then runs again.

    Args:
        name: What the build shows.
        text: The Dockerfile.
        again: The keywords of the steps that run again, in the order of the file.
        steps: How many steps there are.
        sure: Whether the model may be sure of it.
        files: The context besides ``app.py``, ``lib/z.py``, ``requirements.txt``.
        edited: The file that is edited.
        really: What an engine may run instead, where that is less than what the model fears.
    """

    name: str
    text: str
    again: str
    steps: int
    sure: bool = True
    files: tuple[tuple[str, str], ...] = ()
    edited: str = "app.py"
    really: str | None = None


FILES = {"app.py": "print(1)\n", "lib/z.py": "print(2)\n", "requirements.txt": "flask\n"}

BUILDS = (
    Build(
        "all-first",
        f"{BASE}\nWORKDIR /app\nCOPY . .\nRUN cat requirements.txt\nRUN true\n",
        "COPY RUN RUN",
        4,
    ),
    Build(
        "manifests-first",
        f"{BASE}\nWORKDIR /app\nCOPY requirements.txt .\nRUN cat requirements.txt\nCOPY . .\nCMD ls\n",
        "COPY",
        4,
    ),
    Build(
        "other-folder",
        f"{BASE}\nCOPY lib /lib2\nCOPY *.txt /\nRUN true\n",
        "",
        3,
    ),
    Build(
        "pattern",
        f"{BASE}\nCOPY a*.py /\nRUN true\nWORKDIR /x\n",
        "COPY RUN WORKDIR",
        3,
    ),
    Build(
        "ignored",
        f"{BASE}\nCOPY . /app\nRUN true\n",
        "",
        2,
        files=((".dockerignore", "app.py\n"),),
    ),
    Build(
        "two-stages",
        f"{BASE} AS build\nCOPY . /src\nRUN cp /src/app.py /out\n{BASE}\nRUN mkdir /app\nCOPY --from=build /out /app/\nRUN true\n",
        "COPY RUN COPY RUN",
        5,
        sure=False,
    ),
    Build(
        "same-result",
        f"{BASE} AS build\nCOPY . /src\nRUN cp /src/requirements.txt /out\n{BASE}\nCOPY --from=build /out /app/\nRUN true\n",
        "COPY RUN COPY RUN",
        4,
        sure=False,
        really="COPY RUN",
    ),
    Build(
        "dependencies-stage",
        f"{BASE} AS deps\nCOPY requirements.txt /\nRUN cp requirements.txt /out\n{BASE}\nCOPY --from=0 /out /app/\nCOPY . /app\n",
        "COPY",
        4,
    ),
    Build(
        "stage-not-needed",
        f"{BASE} AS check\nCOPY . /src\nRUN ls /src\n{BASE}\nCOPY lib /app\n",
        "",
        1,
    ),
    Build(
        "built-upon",
        f"{BASE} AS one\nCOPY . /src\nFROM one\nRUN ls /src\nWORKDIR /src\n",
        "COPY RUN WORKDIR",
        3,
    ),
    Build(
        "link",
        f"{BASE}\nCOPY app.py /app/\nCOPY --link lib /lib2/\nRUN true\n",
        "COPY COPY RUN",
        3,
        sure=False,
        really="COPY RUN",
    ),
    Build(
        "bind-mount",
        f"{BASE}\nRUN --mount=type=bind,target=/src cat /src/app.py\nRUN true\n",
        "RUN RUN",
        2,
    ),
    Build(
        "bind-mount-of-another-folder",
        f"{BASE}\nRUN --mount=type=bind,source=lib,target=/src cat /src/z.py\nRUN true\n",
        "",
        2,
    ),
    Build(
        "bind-mount-of-a-stage",
        f"{BASE} AS build\nCOPY . /src\n{BASE}\nRUN --mount=from=build,source=/src,target=/s cat /s/app.py\n",
        "COPY RUN",
        2,
        sure=False,
    ),
    Build(
        "here-document",
        f"{BASE}\nCOPY <<EOF /note\nhello\nEOF\nADD lib /lib2\nCOPY app.py /\n",
        "COPY",
        3,
    ),
    Build(
        "triggers",
        f"{BASE} AS one\nONBUILD COPY . /src\nONBUILD RUN ls /src\nFROM one\nRUN true\n",
        "COPY RUN RUN",
        3,
    ),
)
