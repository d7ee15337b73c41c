"""Laws that hold for every Dockerfile, tried on generated ones."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dockeropt.model import Model
from dockeropt.model.scopes import DEFAULT_PATH
from dockeropt.syntax import parse

NAMES = st.sampled_from(["A", "B", "PATH", "TARGETARCH"])
VALUES = st.sampled_from(["x", "$A", "${B:-y}", "'$A'", '"a $B"', "${PATH}:/z", "\\$A", "$TARGETARCH", ""])
LINES = st.one_of(
    st.builds("ENV {}={}".format, NAMES, VALUES),
    st.builds("ENV {}={} {}={}".format, NAMES, VALUES, NAMES, VALUES),
    st.builds("ARG {}={}".format, NAMES, VALUES),
    st.builds("ARG {}".format, NAMES),
    st.builds(
        "FROM {} AS {}".format, st.sampled_from(["debian", "s", "t", "$A", "scratch"]), st.sampled_from("st")
    ),
    st.builds("COPY --from={} a b".format, st.sampled_from(["s", "T", "0", "9", "alpine", "$A"])),
    st.builds("ONBUILD ENV {}={}".format, NAMES, VALUES),
    st.sampled_from(
        [
            "USER app",
            "USER $A",
            "WORKDIR w",
            "WORKDIR /",
            "RUN apt-get update && apt-get install -qqy $A b=1 || c | (d; pip install e)",
            "RUN --mount=type=cache,target=/x,id=$A y",
            'SHELL ["bash", "-ec"]',
            'RUN ["x"]',
            "CMD x $A",
            'ENTRYPOINT ["y"]',
            "EXPOSE $A 80/udp",
            "VOLUME $B",
            "LABEL a=$A",
            "HEALTHCHECK CMD z",
            "ONBUILD RUN npm ci",
            "NOSUCH instruction",
            "# comment",
            "",
        ]
    ),
)
FILES = st.lists(LINES, max_size=25).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_every_question_has_an_answer(text: str) -> None:
    model = Model(parse(text))
    for stage in model.stages:
        assert model.stage_of(stage.node) is stage
        assert stage.chain[-1] is stage
        assert stage.chain[0].parent is None
        state = model.state_at_end(stage)
        assert state.is_root is None or state.user_known
        assert state.workdir is None or state.workdir.startswith("/")
        model.observable(stage)
    for run in (*model.runs, *model.commands):
        assert run.stage is not None
        assert run.state is model.state_before(run.node)
        for call in run.calls:
            assert call.run is run
            assert call.statement in call.ancestors
    for problem in model.problems:
        assert 0 <= problem.span.start < problem.span.end <= len(text)


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_state_and_configuration_agree(text: str) -> None:
    """Two walks of their own over the same file give the same environment."""
    model = Model(
        parse("FROM debian AS first\n" + text), base_env={"PATH": DEFAULT_PATH}, platform="linux/amd64"
    )
    for stage in model.stages:
        state = model.state_at_end(stage)
        config = model.observable(stage)
        assert dict(config.env) == dict(state.env)
        assert config.user == (state.user or "")
        if config.workdir:
            assert state.workdir in (config.workdir, None)


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_states_replay_what_was_recorded(text: str) -> None:
    """A state looked into late says what it would have said at once."""
    tree = parse("FROM debian AS first\n" + text)
    late = Model(tree)
    all_at_once = {node: dict(state.variables) for node, state in late.states.items()}
    for node, variables in all_at_once.items():
        fresh = Model(tree)
        assert dict(fresh.states[node].variables) == variables


@given(
    st.lists(
        st.sampled_from(["-y", "-qq", "--no-cache", "-t", "x", "a=1", "'b c'", "$D", "--", "-o=1", "add"])
    )
)
def test_every_word_of_an_invocation_is_used_once(words: list[str]) -> None:
    script = " ".join(["apk", "add", *words])
    (found,) = Model(parse(f"FROM alpine\nRUN {script}\n")).invocations
    places = {(option.start, option.end) for option in found.options}
    places |= {(word.start, word.end) for word in (*found.verb_words, *found.operands)}
    ordered = sorted(places)
    assert all(one[1] < two[0] for one, two in pairwise(ordered))
    covered = {at for start, end in ordered for at in range(start, end)}
    rest = "".join(char for at, char in enumerate(script) if at not in covered)
    assert rest.split() in (["apk"], ["apk", "--"])
    assert [package.text for package in found.packages] == [word.text for word in found.operands]
