"""Compare what two images are set up to run with.

Invariant: a field is declared by the same effect as in the check of the text
(:mod:`dockeropt.rewrite.verify`); nothing but what engines write for themselves is left out.
"""

from collections.abc import Mapping

from dockeropt.measure.engine import LABEL
from dockeropt.measure.records import ConfigChange
from dockeropt.rewrite.fix import Effect
from dockeropt.rewrite.verify import effect_of, trigger_kinds

Config = Mapping[str, object]

ENGINES_OWN = frozenset(
    (
        "ArgsEscaped", "AttachStderr", "AttachStdin", "AttachStdout", "Domainname", "Hostname", "Image",
        "OpenStdin", "StdinOnce", "Tty", "NetworkDisabled", "MacAddress",
    )
)  # fmt: skip
"""Fields that say nothing about the container to be, or that engines set differently for one file.

Source: OCI image-spec ``config.md`` (ArgsEscaped is deprecated), moby ``api/types/container/config.go``.
"""
BUILDERS_LABELS = frozenset((LABEL, "io.buildah.version"))
"""Labels that come from us or the engine, not from a Dockerfile."""
ABSENT = object()


def compare_config(
    before: Config,
    after: Config,
    effects: frozenset[Effect],
    bases: tuple[Config, Config] | None = None,
) -> tuple[ConfigChange, ...]:
    """Return the fields of the image configuration that differ, sorted by name.

    Args:
        before: Configuration of the original, as the engine gives it.
        after: Configuration of the other image.
        effects: What the fixes declare.
        bases: Configurations of the two base images, where they are known.
    """
    old, new = canonical(before), canonical(after)
    below = (canonical(bases[0]), canonical(bases[1])) if bases and Effect.BASE in effects else None
    found: list[ConfigChange] = []
    for field in sorted(old.keys() | new.keys()):
        one, two = old.get(field, ABSENT), new.get(field, ABSENT)
        if _same(field, one, two):
            continue
        declared = effect_of(field.partition(".")[0].lower()) in effects
        if not declared and below is not None:
            declared = _from_bases(one, two, below[0].get(field, ABSENT), below[1].get(field, ABSENT))
        found.append(ConfigChange(field, _json(one), _json(two), declared))
    return tuple(found)


def canonical(config: Config) -> dict[str, object]:
    """Return the fields that say something: mappings taken apart (``Env.PATH``), empty ones left out."""
    found: dict[str, object] = {}
    for field, value in config.items():
        if field in ENGINES_OWN or value in (None, "", [], {}, False):
            continue
        if field == "Env" and isinstance(value, list):
            # The last one of a name counts; in which order different names stand does not.
            for line in value:
                name, _, text = str(line).partition("=")
                found[f"Env.{name}"] = text
        elif field in {"Labels", "ExposedPorts", "Volumes"} and isinstance(value, Mapping):
            for key, one in value.items():
                if field != "Labels" or key not in BUILDERS_LABELS:
                    found[f"{field}.{key}"] = one
        else:
            found[field] = value
    return found


def _same(field: str, one: object, two: object) -> bool:
    if field == "OnBuild" and isinstance(one, list) and isinstance(two, list):
        kinds = [trigger_kinds(tuple(str(trigger) for trigger in triggers)) for triggers in (one, two)]
        return kinds[0] == kinds[1]
    return one == two


def _from_bases(one: object, two: object, below_one: object, below_two: object) -> bool:
    """Tell whether the value is what the base image has, or is made of it (``PATH=/app:$PATH``)."""
    if below_one == below_two:
        return False
    if (one, two) == (below_one, below_two):
        return True
    texts = [value for value in (one, two, below_one, below_two) if isinstance(value, str)]
    if len(texts) < 4 or not texts[2]:
        return False
    front, middle, back = texts[0].partition(texts[2])
    return bool(middle) and front + texts[3] + back == texts[1]


def _json(value: object) -> str:
    import json

    return "" if value is ABSENT else json.dumps(value, sort_keys=True, ensure_ascii=False)
