"""What the changes do to the size of the image, from what is known of images, packages and files.

Invariant: two numbers are compared only if they were taken the same way; what is not in a table
or in the context is left out, and then the sentence says so. Numbers are bytes on disk, not
compressed, except where it says "to download".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockeropt.estimates.contextfiles import stored_by
from dockeropt.estimates.records import ESTIMATE, FACT, Estimate, megabytes
from dockeropt.knowledge.load import Source
from dockeropt.knowledge.packages import installed_in
from dockeropt.knowledge.recommends import recommended, recommended_with
from dockeropt.knowledge.setsizes import lists_size, packages_size
from dockeropt.knowledge.sizes import Size, size_of
from dockeropt.knowledge.tags import tag_of
from dockeropt.model.apt import fetches_lists, may_remove_lists
from dockeropt.model.images import ImageRef, parse
from dockeropt.model.paths import is_within, resolve, text_of
from dockeropt.model.tools import Tool, Verb
from dockeropt.syntax.nodes import FileInstruction, Instruction, Run

if TYPE_CHECKING:
    from dockeropt.model.model import Model
    from dockeropt.model.packages import Invocation
    from dockeropt.model.runs import RunFacts
    from dockeropt.project.context import Entry

WORTH = 100_000
"""Bytes that are worth a line; what saves less is not mentioned."""

_APT = (Tool.APT_GET, Tool.APT, Tool.APTITUDE)
_LISTS = "/var/lib/apt/lists"


# --- base image ------------------------------------------------------------------------


def base_image(before: "Model", after: "Model") -> Iterator[Estimate]:
    """Yield what another base image saves: whole images where both were measured, else packages."""
    old, new = _base(before), _base(after)
    if old is None or new is None or old.text == new.text:
        return
    title = f"base image {old.text} -> {new.text}"
    size, smaller = size_in_table(old), size_in_table(new)
    if size is not None and smaller is not None:
        yield from _measured(title, size, smaller)
        return
    held = packages_size(old), packages_size(new)
    if held[0] is None or held[1] is None or held[0].bytes <= held[1].bytes:
        return
    names = _apt_names(after) - _held(after)
    added = sorted(name for name in names if name in _held(before) or name not in _apt_names(before))
    extra = f"; on top come {', '.join(added)}" if added else ""
    yield Estimate(
        "base-packages", held[0].bytes, held[1].bytes, "bytes", ESTIMATE, _said(held[0].source),
        f"{title}: {held[0].packages} -> {held[1].packages} Debian packages in it, "
        f"{megabytes(held[0].bytes)} -> {megabytes(held[1].bytes)} installed{extra}",
    )  # fmt: skip


def _measured(title: str, old: Size, new: Size) -> Iterator[Estimate]:
    if old.date is None or new.date is None:
        return  # read from undated copies: never to be compared
    dates = " and ".join(dict.fromkeys((old.date, new.date)))
    source = f"docker-library/repo-info, {dates}"
    for kind, before, after, where in (
        ("base-image", old.unpacked, new.unpacked, "on disk"),
        ("base-download", old.compressed, new.compressed, "to download"),
    ):
        if before is not None and after is not None:
            yield Estimate(
                kind, before, after, "bytes", FACT, source,
                f"{title}: {megabytes(before)} -> {megabytes(after)} {where}",
            )  # fmt: skip


def size_in_table(ref: ImageRef) -> Size | None:
    """Return the size of an image, by its own tag or by the one that also names its Debian release.

    ``python:3.12`` is ``python:3.12-bookworm`` while the former is built on bookworm.
    """
    found = size_of(ref)
    if found is not None and found.date is not None:
        return found
    tag = tag_of(ref)
    if tag is None or tag.suite is None or tag.suite in tag.name or ref.digest is not None:
        return None
    other = parse(ref.with_tag(f"{tag.name}-{tag.suite}"))
    return size_of(other) if other is not None else None


def _base(model: "Model") -> ImageRef | None:
    return model.final.base if model.final is not None else None


def _said(source: Source) -> str:
    return f"{source.text}, {source.date}" if source.date else source.text


# --- files of the context --------------------------------------------------------------


def context_files(
    before: "Model", after: "Model", old: "list[Entry]", new: "list[Entry]", name: str
) -> Iterator[Estimate]:
    """Yield what the image stores of the context, copies that ``chown -R`` makes included.

    Args:
        before: The Dockerfile before the changes.
        after: The Dockerfile after them.
        old: The files that a build could see before.
        new: The files that it can see after.
        name: What the context is called.
    """
    (one, sure), (two, still_sure) = _stored(before, old), _stored(after, new)
    if one - two >= WORTH:
        yield Estimate(
            "context-files", one, two, "bytes", FACT if sure and still_sure else ESTIMATE,
            f"the files of {name}",
            f"files of the context in the image's layers: {megabytes(one)} -> {megabytes(two)}",
        )  # fmt: skip
    one, two = (sum(entry.size for entry in files) for files in (old, new))
    if one - two >= WORTH:
        yield Estimate(
            "build-context", one, two, "bytes", FACT, f"the files of {name}",
            f"build context that is not ignored: {megabytes(one)} -> {megabytes(two)}",
        )  # fmt: skip


def _stored(model: "Model", files: list["Entry"]) -> tuple[int, bool]:
    """Return the bytes that the layers of the final image hold of ``files``, and whether that is sure."""
    if model.final is None:
        return 0, True
    total, all_sure = 0, True
    there: dict[str, int] = {}
    runs = {run.node: run for run in model.runs}
    for stage in model.final.chain:
        for node in stage.instructions:
            if isinstance(node, FileInstruction):
                stored, sure = stored_by(node, model.state_before(node), files)
                all_sure = all_sure and sure
                total += sum(item.size for item in stored)
                there.update({item.path: item.size for item in stored if item.path is not None})
            elif isinstance(node, Run) and there:
                total += sum(size for path, size in there.items() if _rewritten(runs[node], path))
    return total, all_sure


def _rewritten(run: "RunFacts", path: str) -> bool:
    """Tell whether a recursive chown, chgrp or chmod of ``run`` stores the file once more.

    Changing owner or mode copies a file up into the layer, its content included (kernel
    documentation, overlayfs, "Non-directories").
    """
    return any(is_within(path, tree) for tree in _recursive(run))


def _recursive(run: "RunFacts") -> tuple[str, ...]:
    found: list[str] = []
    for call in run.calls:
        if call.program in ("cd", "pushd", "popd"):
            break
        if call.program not in ("chown", "chgrp", "chmod") or not call.has_flag("-R", "--recursive"):
            continue
        operands = call.operands
        if not any(word.text.startswith("--reference") for word in call.args):
            operands = operands[1:]
        for word in operands:
            text = text_of(word, run)
            place = resolve(text, run.state.workdir) if text else None
            if place is not None:
                found.append(place)
    return tuple(found)


# --- apt -------------------------------------------------------------------------------


def package_lists(before: "Model", after: "Model") -> Iterator[Estimate]:
    """Yield what removing the package lists saves."""
    base = _base(after)
    tag = tag_of(base) if base is not None else None
    known = lists_size(tag.suite) if tag is not None and tag.suite else None
    if known is None or tag is None or not _keeps_lists(before) or _keeps_lists(after):
        return
    size, source = known
    yield Estimate(
        "package-lists", size, 0, "bytes", ESTIMATE, f"apt-get update on {tag.suite}, {source.date}",
        f"package lists of apt in the image: {megabytes(size)} -> none",
    )  # fmt: skip


def _keeps_lists(model: "Model") -> bool:
    """Tell whether a layer of the final image holds package lists."""
    for run in _final_runs(model):
        if any(fetches_lists(call) for call in run.calls):
            removed = any(may_remove_lists(call) for call in run.calls)
            if not removed and not run.mount_covers(_LISTS):
                return True
    return False


def recommended_packages(before: "Model", after: "Model") -> Iterator[Estimate]:
    """Yield what the packages take that apt no longer adds just because they are recommended."""
    old, new = _recommended(before), _recommended(after)
    gone = sorted(old.keys() - new.keys() - _apt_names(after) - _held(after))
    if not gone:
        return
    size, source = max(old[name] for name in gone)
    if size < WORTH:
        return
    some = ", ".join(gone[:3]) + (", …" if len(gone) > 3 else "")
    yield Estimate(
        "recommended-packages", size, 0, "bytes", ESTIMATE, source,
        f"packages that apt adds only because they are recommended ({some}): up to {megabytes(size)} -> none",
    )  # fmt: skip


def _recommended(model: "Model") -> dict[str, tuple[int, str]]:
    """Return what apt adds because it is recommended: what comes with it at most, in bytes, and the source."""
    base = _base(model)
    tag = tag_of(base) if base is not None else None
    found: dict[str, tuple[int, str]] = {}
    if tag is None or tag.suite is None:
        return found
    for call in _apt_installs(model):
        if call.has("--no-install-recommends"):
            continue
        if any((o.value or "").replace(" ", "").lower() in _OFF for o in call.options if o.name == "-o"):
            continue
        known = recommended(tag.suite, [p.name for p in call.packages if p.name], _held(model))
        for name, names in known.left if known is not None else ():
            record = recommended_with(name, tag.suite)
            # The table's size is that on the minimal base: none when a larger one has some of it.
            if record is not None and len(names) == len(record.groups):
                found.update(dict.fromkeys(names, (record.size * 1024, _said(record.source))))
    return found


def _held(model: "Model") -> frozenset[str]:
    """Return the packages that the base image has, as far as they are known."""
    base = _base(model)
    return (installed_in(base) if base is not None else None) or frozenset()


_OFF = ("apt::install-recommends=0", "apt::install-recommends=false", "apt::install-recommends=no")


def _apt_names(model: "Model") -> frozenset[str]:
    """Return the packages that apt installs by name and that the same RUN does not remove again."""
    removed: dict[Instruction, set[str]] = {}
    unsure: set[Instruction] = set()
    for found in model.invocations:
        if found.tool in _APT and found.verb is Verb.REMOVE:
            removed.setdefault(found.run.node, set()).update(p.name for p in found.packages if p.name)
            if found.dynamic:
                unsure.add(found.run.node)
    return frozenset(
        package.name
        for call in _apt_installs(model)
        if call.run.node not in unsure
        for package in call.packages
        if package.name and package.name not in removed.get(call.run.node, ())
    )


def _apt_installs(model: "Model") -> Iterator["Invocation"]:
    wanted = {run.node for run in _final_runs(model)}
    for found in model.invocations:
        if found.tool in _APT and found.verb is Verb.INSTALL and found.run.node in wanted:
            yield found


def _final_runs(model: "Model") -> Iterator["RunFacts"]:
    """Yield the RUNs whose layers are in the final image."""
    for run in model.runs:
        if run.stage is not None and run.stage.reaches_final and not run.onbuild:
            yield run
