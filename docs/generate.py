"""Write everything that is made from the passes themselves.

``python docs/generate.py`` writes ``docs/passes/*.md`` and ``dockeropt/passes/catalogue.py``;
with ``--check`` it only tells (exit code 1) whether that is needed. Run it when a pass was
added, renamed, or its docstring or registration changed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this checkout is what is documented, installed or not

from dockeropt.render.passpage import index, page  # noqa: E402
from dockeropt.rewrite.passes import PassInfo  # noqa: E402
from dockeropt.rewrite.registry import load_registry  # noqa: E402
from dockeropt.testing import find_cases  # noqa: E402

PAGES = ROOT / "docs" / "passes"
CATALOGUE = ROOT / "dockeropt" / "passes" / "catalogue.py"

HEAD = '''"""What is known of each pass without importing it. Written by ``docs/generate.py``.

Id, category, phase, after, aliases, since, level, default, repairs, wants. A run over a file
imports only those passes whose ``wants`` occur in it.
"""

# fmt: off
PASSES: tuple[tuple[str, str, int, tuple[str, ...], tuple[str, ...], str, int, bool, bool, tuple[str, ...]], ...] = (
'''


def generate() -> dict[Path, str]:
    """Return every generated file with the text it has to have."""
    registry = load_registry(plugins=False, catalogue=False)
    files = {PAGES / "index.md": index(registry)}
    for p in registry:
        cases = [folder.name for folder in find_cases(ROOT / "tests" / "passes" / p.info.id)]
        files[PAGES / f"{p.info.id}.md"] = page(p, cases)
    files[CATALOGUE] = HEAD + "".join(f"    {_row(p.info)},\n" for p in registry) + ")\n"
    return files


def _row(info: PassInfo) -> str:
    row = (
        info.id,
        info.category.value,
        int(info.phase),
        info.after,
        info.aliases,
        info.since,
        int(info.level),
        info.default,
        info.repairs,
        info.wants,
    )
    return repr(row).replace("'", '"')  # words only: no quotes inside


def stale() -> list[Path]:
    """Return the files that differ from what they have to be, pages without a pass included."""
    files = generate()
    wrong = [file for file, text in files.items() if not file.exists() or file.read_text("utf-8") != text]
    return wrong + [file for file in PAGES.glob("*.md") if file not in files]


def main() -> int:
    """Write the files, or tell which are stale."""
    if "--check" in sys.argv[1:]:
        for file in stale():
            print(f"stale: {file.relative_to(ROOT)}")
        return 1 if stale() else 0
    PAGES.mkdir(exist_ok=True)
    files = generate()
    for file in PAGES.glob("*.md"):
        if file not in files:
            file.unlink()
    for file, text in files.items():
        file.write_text(text, "utf-8", newline="\n")
    print(f"{len(files)} files are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
