"""When a stage that is built on a Java development kit can do with the runtime alone.

Invariant: a swap is only offered where the stage starts ``java`` and no instruction or script that can be
seen names a tool of the kit. What a jar asks of the JVM is not read: it is never a proof.
"""

import re

from dockeropt.knowledge.tags import TagSwap, tag_of
from dockeropt.model.images import ImageRef, parse
from dockeropt.model.model import Model
from dockeropt.model.stages import Stage
from dockeropt.project.context import BuildContext
from dockeropt.rewrite.copied import copied_into
from dockeropt.rewrite.needs import descendants, needs_of

IMAGES = ("eclipse-temurin", "openjdk")

TOOLS = frozenset(
    (
        "javac jar jlink jdeps jdeprscan jmod javap javadoc jshell jpackage jarsigner jcmd jmap jstack jstat jinfo"
        " jps jconsole jdb jhsdb jstatd jimage serialver rmic javah wsgen wsimport native-image"
        " mvn mvnw gradle gradlew ant sbt lein clojure clj kotlinc scala scalac groovy groovyc bazel mill bb"
    ).split()
)
"""Programs of the kit that the runtime lacks (the tool lists of JDK 8 to 25), and builders that call them."""


def jre_of(image: ImageRef) -> TagSwap | None:
    """Return the runtime variant of a development kit's tag, ``None`` if there is none."""
    old = tag_of(image)
    if image.official not in IMAGES or old is None or image.digest is not None:
        return None
    parts = (image.tag or "latest").split("-")
    if "jre" in parts or not parts[0][:1].isdigit():
        return None
    if "jdk" in parts:
        parts[parts.index("jdk")] = "jre"
    else:
        parts.insert(1, "jre")
    text = image.with_tag("-".join(parts))
    ref = parse(text)
    new = tag_of(ref) if ref is not None else None
    if new is None or old.suite != new.suite:
        return None
    return TagSwap(new, text, old, None if new.suite is None else True, old.last == new.last)


def kit_uses(model: Model, build: BuildContext, stage: Stage) -> str | None:
    """Return why ``stage``, and what is built on it, needs the kit; ``""`` if only Java is run.

    ``None`` when it cannot be said: nothing starts Java, or a script cannot be read.
    """
    starts = False
    for item in descendants(stage):
        needs = needs_of(model, item)
        used = sorted(TOOLS & (needs.commands.keys() | needs.text | needs.brought))
        if used:
            return used[0]
        if needs.unclear or (
            item is model.final and not (model.observable(item).cmd or model.observable(item).entrypoint)
        ):
            return None
        starts = starts or "java" in needs.commands
        copied = copied_into(model, build, item.chain)
        for file in needs.started:
            path = file.path if file.path.startswith("/") else f"{file.run.state.workdir or ''}/{file.path}"
            entry = copied.source(path)
            text = copied.texts.get(path) or (build.read(entry.path) if entry is not None else None)
            if text is None:
                return None
            words: set[str] = set(re.findall(r"[\w.+-]+", text))
            if words & TOOLS:
                return min(words & TOOLS)
            starts = starts or "java" in words
    return "" if starts else None
