"""Random shell scripts: most of them valid, some broken on purpose."""

from __future__ import annotations

import random

WORDS = [
    "a", "foo", "-x", "--name=value", "x-$V-y-$W.tgz", "$V", '"$V"', "'single quoted'", '"two words"', "a\\ b",
    "${V:-default}", '"${V:-$(pwd)}"', "$(echo x)", "`echo x`", "$((1+2))", "$(( $(echo 1) + V ))", "*.c", "~",
    "{a,b}", "a=b", "a#b", "\\#", "''", '""', "a'b'\"c\"d", "$1", "$#", '"$@"', "${#V}", "${V%%.*}", "${V##*/}",
    '"${V%"$W"}"', '"a\\"b"', "then", "}", "!", "/usr/bin/x", "é", '"$(echo "in `echo q`")"', "[x]", "]",
]  # fmt: skip
REDIRECTS = [">f", "2>&1", ">/dev/null", "<f", ">>f", "2>f", ">|f", "<&-", ">&2", "3<>f", "> f", "&>f"]
CONDITIONS = ["true", "[ -f x ]", "test a = b", "grep -q x f", "! false", "true && false"]
MUTATIONS = [*";&|(){}<>\"'`$\\ \n#", "then", "fi", "done", "&&", "||", ";;", "do", "esac"]


class Generator:
    """Make scripts from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, choices: list[str]) -> str:
        return self.random.choice(choices)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def simple(self) -> str:
        words = ["echo" if self.chance(0.5) else self.pick(["ls", "cd", "foo", "$CMD", "/bin/x", "set", ":"])]
        words += [self.pick(WORDS) for _ in range(self.random.randint(0, 4))]
        if self.chance(0.15):
            words.insert(0, self.pick(["A=1", "A=", 'A="$B"', "A=$(pwd)", "B=x"]))
        if self.chance(0.2):
            words.insert(self.random.randint(0, len(words)), self.pick(REDIRECTS))
        return " ".join(words)

    def command(self, depth: int) -> str:
        if depth > 3 or self.chance(0.6):
            return self.simple()
        kind = self.random.randint(0, 8)
        body = self.list(depth + 1)
        end = "\n" if self.chance(0.1) else "; "
        if kind == 0:
            return f"( {body} )"
        if kind == 1:
            return f"{{ {body}; }}"
        if kind == 2:
            other = f"else {self.list(depth + 1)}{end}" if self.chance(0.4) else ""
            return f"if {self.pick(CONDITIONS)}{end}then {body}{end}{other}fi"
        if kind == 3:
            return f"for i in {self.pick(WORDS)} {self.pick(WORDS)}{end}do {body}{end}done"
        if kind == 4:
            return f"{self.pick(['while', 'until'])} {self.pick(CONDITIONS)}{end}do {body}{end}done"
        if kind == 5:
            return f"case {self.pick(WORDS)} in a|b) {body};; *) {self.simple()};; esac"
        if kind == 6:
            return f"f() {{ {body}; }}"
        if kind == 7:
            return f"x=$({body})"
        return f'echo "$({body})" | cat'

    def pipeline(self, depth: int) -> str:
        text = self.command(depth)
        while self.chance(0.12):
            text += " | " + self.command(depth)
        return "! " + text if self.chance(0.05) else text

    def list(self, depth: int = 0) -> str:
        text = self.pipeline(depth)
        while self.chance(0.45):
            text += self.pick([" && ", " && ", "; ", " || ", " & "]) + self.pipeline(depth)
        return text

    def script(self) -> str:
        return self.list() + self.pick(["", "", "", ";", " &", " # note", "\n"])

    def broken(self) -> str:
        """Return a script with a few characters put in, taken out or doubled."""
        text = self.script()
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randint(0, len(text))
            kind = self.random.randint(0, 2)
            if kind == 0:
                text = text[:at] + self.pick(MUTATIONS) + text[at:]
            elif kind == 1:
                text = text[:at] + text[at + self.random.randint(1, 4) :]
            else:
                text = text[:at] + text[at : at + 3] + text[at:]
        return text
