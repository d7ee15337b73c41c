"""Random Dockerfiles that set up an image in many ways, and what the model says in the engine's words.

Invariant: they stand on scratch and run nothing, so that a build takes no time and no network.
"""

import random
from typing import Any

from dockeropt.model import ImageConfig
from dockeropt.model.observable import Dependent

NAMES = ("A", "B", "C", "PATH", "TARGETARCH")
VALUES = (
    "x $A ${B:-y} '$A' \"a\\ $B\" ${PATH}:/z \\$A $TARGETARCH ${A:+q} ${A%x} ${B#*y} a\\ b 'b\\ c' ${C-d}"
    " ${A:-${B:-n}} $$ x$ ${UNSET} C:\\x"
).split()
PLAIN = (
    "USER 12|USER ${UNSET:-1000:1}|WORKDIR /w|WORKDIR w/./z|WORKDIR ${A:-/q}/r|WORKDIR /a//b/|CMD run $A|CMD []"
    '|CMD ["x", "$A"]|CMD ["x", y]|ENTRYPOINT go  $B|ENTRYPOINT ["e"]|ENTRYPOINT []|SHELL ["bash", "-ec"]'
    '|EXPOSE 80/udp 90|EXPOSE ${UNSET:-1-3} 443/TCP|EXPOSE 8080:80|VOLUME /v /u$A|VOLUME ["/j"]|STOPSIGNAL 9'
    "|STOPSIGNAL ${UNSET:-QUIT}|HEALTHCHECK NONE|HEALTHCHECK --interval=1m30s --retries=2 CMD x $A"
    '|HEALTHCHECK --timeout=1.5s CMD ["x"]|MAINTAINER me <x@y>|ENV A ${B:-y} z|ENV Z=\\\n# note\n  1|LABEL "b c"=$A'
).split("|")  # fmt: skip


def line(choose: random.Random) -> str:
    """Return an instruction."""
    pair = f"{choose.choice(NAMES)}={choose.choice(VALUES)}"
    kind = choose.randrange(10)
    if kind < 3:
        return f"ENV {pair} {choose.choice(NAMES)}={choose.choice(VALUES)}"
    if kind < 5:
        return choose.choice([f"ARG {pair}", f"ARG {choose.choice(NAMES)}", f"LABEL {pair}"])
    if kind == 5:
        return "ONBUILD " + choose.choice([*PLAIN, f"ENV {pair}", f"ARG {pair}"])
    return choose.choice(PLAIN)


def dockerfile(seed: int) -> str:
    """Return a file with a few stages, some built on others."""
    choose = random.Random(seed)
    lines = [f"ARG {choose.choice(['BASE=scratch', 'A=global', 'B'])}" for _ in range(2)]
    for index in range(choose.randint(1, 4)):
        bases = [f"s{i}" for i in range(index)] or ["scratch"]
        lines.append(f"FROM {choose.choice(bases) if choose.random() < 0.8 else 'scratch'} AS S{index}")
        lines += [line(choose) for _ in range(choose.randrange(9))]
        if index and choose.random() < 0.5:
            lines.append(f"COPY --from={choose.choice([f's{index - 1}', str(index - 1)])} / /from/")
        lines.append("COPY file /layer")
    return "\n".join(lines) + "\n"


def as_inspected(config: ImageConfig) -> dict[str, Any]:
    """Return the configuration in the engine's form, empty fields left out."""
    check = config.healthcheck
    health = None
    if check is not None:
        names = ("Test", "Interval", "Timeout", "StartPeriod", "StartInterval", "Retries")
        health = {
            key: value for key, value in zip(names, (list(check.test), *check[1:]), strict=True) if value
        }
    found: dict[str, Any] = {
        "Env": [f"{key}={value}" for key, value in config.env],
        "Entrypoint": list(config.entrypoint or ()),
        "Cmd": list(config.cmd or ()),
        "User": str(config.user),
        "WorkingDir": str(config.workdir),
        "ExposedPorts": {port: {} for port in config.exposed if not isinstance(port, Dependent)},
        "Volumes": {path: {} for path in config.volumes if not isinstance(path, Dependent)},
        "Labels": {key: str(value) for key, value in config.labels},
        "Healthcheck": health,
        "Shell": list(config.shell),
        "StopSignal": str(config.stopsignal),
        "OnBuild": list(config.onbuild),
    }
    return {key: value for key, value in found.items() if value}
