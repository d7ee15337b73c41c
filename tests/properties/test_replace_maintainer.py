"""Whatever stands behind MAINTAINER, the label has the same value."""

from hypothesis import given
from hypothesis import strategies as st

from dockeropt.model.model import Model
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import load_registry
from dockeropt.syntax import parse

PASS = load_registry(plugins=False).get("replace-maintainer")
LABEL = "org.opencontainers.image.authors"

names = st.text(st.sampled_from("ab \t\"'\\`$\\{}=,#<>@-:;é|&"), min_size=1, max_size=16).filter(str.strip)


@given(names, st.sampled_from(["", "# escape=`\n", "# escape=\\\n"]), st.sampled_from(["\n", "\r\n", ""]))
def test_the_label_is_the_author(name: str, directive: str, end: str) -> None:
    text = f"{directive}FROM scratch\nMAINTAINER {name}{end}"
    before = parse(text)
    if before.problems:
        return
    author = Model(before).observable().author
    result = run(text, [PASS], strict=True)
    assert len(result.steps) == 1
    after = Model(parse(result.text)).observable()
    quoted = len(author) > 1 and author[0] == author[-1] and author[0] in "\"'"
    assert dict(after.labels)[LABEL] == (author[1:-1] if quoted else author)
    assert after.author == ""
