"""Walking and changing a tree."""

import pytest

from dockeropt.syntax import RemoveFromParent, Replace, Transformer, Visitor, find, parse, walk
from dockeropt.syntax.nodes import (
    Cmd,
    Comment,
    Copy,
    Dockerfile,
    Flag,
    From,
    JsonArray,
    KeyValue,
    Node,
    Onbuild,
    Run,
    Word,
)
from dockeropt.text import Edit, EditConflict


class Renamer(Transformer):
    """Change images, drop comments, add to commands."""

    def leave_From(self, node: From) -> Replace:
        return Replace(f"FROM mirror/{node.image.text}")

    def leave_Comment(self, node: Comment) -> type[RemoveFromParent]:
        return RemoveFromParent

    def leave_Cmd(self, node: Cmd) -> Edit:
        return Edit.insert(node.code.end, " --verbose")

    def visit_Onbuild(self, node: Onbuild) -> bool:
        return False


def test_a_transformer_answers_with_edits() -> None:
    tree = parse("# gone\nFROM a\nONBUILD CMD x\nCMD y\n")
    assert tree.visit(Renamer()).code == "FROM mirror/a\nONBUILD CMD x\nCMD y --verbose\n"


def test_what_is_not_changed_keeps_every_character() -> None:
    text = "FROM  a\r\nRUN x \\\r\n# why\r\n\r\n  y"
    assert parse(text).visit(Renamer()).code == "FROM mirror/a\r\nRUN x \\\r\n\r\n  y"
    assert parse(text).visit(Transformer()).code == text


def test_a_visitor_only_looks() -> None:
    seen: list[str] = []

    class Look(Visitor):
        def visit_Run(self, node: Run) -> None:
            seen.append(f"in {node.rest.text}")

        def leave_Run(self, node: Run) -> str:
            seen.append(f"out {node.rest.text}")
            return "ignored"

        def leave_Dockerfile(self, node: Dockerfile) -> None:
            seen.append("end")

    tree = parse("FROM a\nRUN x\nRUN y\n")
    assert tree.visit(Look()) is tree
    assert seen == ["in x", "out x", "in y", "out y", "end"]


def test_walk_goes_in_source_order_parents_first() -> None:
    tree = parse('FROM a\nCOPY --link x \\\n# c\n y z\nENV A=1 \\\n# d\n B=2\nVOLUME ["/a"]\n')
    starts = [node.span.start for node in walk(tree)]
    assert starts == sorted(starts)
    kinds = [type(node).__name__ for node in walk(next(find(tree, Copy)))]
    assert kinds == ["Copy", "Flag", "Word", "Comment", "Word", "Word"]
    assert [array.values for array in find(tree, JsonArray)] == [("/a",)]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Flag, "FROM a\nCOPY --link x y\n", "FROM a\nCOPY x y\n"),
        (Flag, "FROM a\nRUN --mount=a --network=b \\\n  x\n", "FROM a\nRUN \\\n  x\n"),
        (Run, "FROM a\n# stays\nRUN <<E\nx\nE\nUSER b\n", "FROM a\n# stays\nUSER b\n"),
        (KeyValue, "FROM a\nARG A=1 B=2\nUSER b\n", "FROM a\nARG\nUSER b\n"),
        (Comment, "FROM a\n# x\nRUN a \\\n # y\n b\n", "FROM a\nRUN a \\\n b\n"),
    ],
)
def test_removal_takes_what_belongs_to_the_node(kind: type[Node], text: str, expected: str) -> None:
    class Remover(Transformer):
        def on_leave(self, node: Node) -> object:
            return RemoveFromParent() if isinstance(node, kind) else None

    assert parse(text).visit(Remover()).code == expected


def test_replacing_an_instruction_takes_its_heredocs_too() -> None:
    class Short(Transformer):
        def leave_Run(self, node: Run) -> Replace:
            return Replace("RUN true")

    text = "FROM a\n  RUN <<A <<-B \\\n# c\n  x\n1\nA\n\t2\n\tB\nUSER b\n"
    assert parse(text).visit(Short()).code == "FROM a\n  RUN true\nUSER b\n"


def test_replacing_a_word_of_an_array_stays_between_the_quotes() -> None:
    class Move(Transformer):
        def leave_Copy(self, node: Copy) -> tuple[Edit, ...]:
            return tuple([Edit(word.span, "new") for word in node.sources])

    assert parse('FROM a\nCOPY ["o\\"ld", "/x"]\n').visit(Move()).code == 'FROM a\nCOPY ["new", "/x"]\n'


def test_two_answers_for_the_same_characters_conflict() -> None:
    class Both(Transformer):
        def leave_From(self, node: From) -> Replace:
            return Replace("FROM x")

        def leave_Word(self, node: Word) -> Replace:
            return Replace("y")

    with pytest.raises(EditConflict):
        parse("FROM a\n").visit(Both())
