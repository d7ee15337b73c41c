"""What two images are set up to run with is compared field by field."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.measure.configs import compare_config
from dockeropt.rewrite.fix import Effect

CONFIG: dict[str, Any] = {
    "Hostname": "",
    "Image": "",
    "User": "app",
    "Env": ["PATH=/usr/bin:/bin", "A=1", "EMPTY="],
    "Cmd": ["python", "app.py"],
    "Entrypoint": None,
    "WorkingDir": "/app",
    "ExposedPorts": {"80/tcp": {}},
    "Volumes": None,
    "Labels": {"version": "1"},
    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 3_000_000_000},
    "OnBuild": None,
}


def fields(before: dict[str, Any], after: dict[str, Any], *effects: Effect, **more: Any) -> dict[str, bool]:
    return {one.field: one.declared for one in compare_config(before, after, frozenset(effects), **more)}


@pytest.mark.parametrize(
    ("change", "field", "effect"),
    [
        ({"User": ""}, "User", Effect.USER),
        ({"Env": ["PATH=/bin:/usr/bin", "A=1", "EMPTY="]}, "Env.PATH", Effect.ENV),
        ({"Env": ["PATH=/usr/bin:/bin", "EMPTY="]}, "Env.A", Effect.ENV),
        ({"Env": ["PATH=/usr/bin:/bin", "A=1"]}, "Env.EMPTY", Effect.ENV),
        ({"Cmd": ["python"]}, "Cmd", Effect.CMD),
        ({"Entrypoint": ["x"]}, "Entrypoint", Effect.ENTRYPOINT),
        ({"Labels": {"version": "2"}}, "Labels.version", Effect.LABELS),
        ({"Labels": {"version": "1", "x": ""}}, "Labels.x", Effect.LABELS),
        ({"WorkingDir": "/"}, "WorkingDir", Effect.CONFIG),
        ({"ExposedPorts": None}, "ExposedPorts.80/tcp", Effect.CONFIG),
        ({"Volumes": {"/data": {}}}, "Volumes./data", Effect.CONFIG),
        ({"Healthcheck": None}, "Healthcheck", Effect.CONFIG),
        ({"StopSignal": "SIGINT"}, "StopSignal", Effect.CONFIG),
        ({"Shell": ["/bin/bash", "-c"]}, "Shell", Effect.CONFIG),
        ({"OnBuild": ["ENV A=1"]}, "OnBuild", Effect.CONFIG),
    ],
)
def test_a_change_is_found_and_only_its_effect_declares_it(
    change: dict[str, Any], field: str, effect: Effect
) -> None:
    after = {**CONFIG, **change}
    assert fields(CONFIG, after) == {field: False}
    assert fields(CONFIG, after, effect) == {field: True}
    assert fields(CONFIG, after, *(frozenset(Effect) - {effect})) == {field: False}


def test_what_says_nothing_is_left_out() -> None:
    after = {
        **CONFIG,
        "Hostname": "x",
        "Image": "sha256:1",
        "ArgsEscaped": True,
        "Volumes": {},
        "Env": ["EMPTY=", "A=1", "PATH=/usr/bin:/bin"],
        "Labels": {"version": "1", "dev.dockeropt.verify": "run", "io.buildah.version": "1.28"},
    }
    del after["OnBuild"]
    assert fields(CONFIG, after) == {}
    assert fields(CONFIG, {**CONFIG, "Labels": {"version": "1"}}) == {}


def test_values_are_told_as_json() -> None:
    (one,) = compare_config({"Cmd": ["é"]}, {}, frozenset())
    assert one == ("Cmd", '["é"]', "", False)
    (two,) = compare_config({}, {"Env": ["A="]}, frozenset())
    assert two == ("Env.A", "", '""', False)


def test_triggers_that_only_make_layers_may_be_rewritten() -> None:
    before, after = {"OnBuild": ["RUN a", "USER x"]}, {"OnBuild": ["RUN b", "USER x"]}
    assert fields(before, after) == {}
    assert fields(before, {"OnBuild": ["RUN b", "USER y"]}) == {"OnBuild": False}
    assert fields(before, {"OnBuild": ["USER x", "RUN b"]}) == {"OnBuild": False}


def test_what_the_base_images_are_set_up_with() -> None:
    bases = ({"Env": ["PATH=/usr/bin", "V=1"], "Cmd": ["a"]}, {"Env": ["PATH=/bin"], "Cmd": ["b"]})
    before = {"Env": ["PATH=/app:/usr/bin:/x", "V=1"], "Cmd": ["a"], "User": "app"}
    after = {"Env": ["PATH=/app:/bin:/x"], "Cmd": ["b"], "User": "app"}
    changed = {"Cmd": True, "Env.PATH": True, "Env.V": True}
    assert fields(before, after, Effect.BASE, bases=bases) == changed
    assert fields(before, after, bases=bases) == dict.fromkeys(changed, False)
    assert fields(before, after, Effect.BASE) == dict.fromkeys(changed, False)
    lost = {**after, "Env": ["PATH=/bin:/x"], "Cmd": ["c"]}
    assert fields(before, lost, Effect.BASE, bases=bases) == {
        "Cmd": False,
        "Env.PATH": False,
        "Env.V": True,
    }


values = st.fixed_dictionaries(
    {},
    optional={
        "Env": st.lists(st.sampled_from(["A=1", "A=2", "B=", "C"]), max_size=3),
        "User": st.sampled_from(["", "a", "b"]),
        "Cmd": st.none() | st.lists(st.sampled_from(["a", "b"]), max_size=2),
        "Labels": st.none() | st.dictionaries(st.sampled_from("xy"), st.sampled_from("12"), max_size=2),
    },
)


@given(values, values, st.frozensets(st.sampled_from(Effect)))
def test_laws(one: dict[str, Any], two: dict[str, Any], effects: frozenset[Effect]) -> None:
    assert compare_config(one, one, effects) == ()
    forth, back = compare_config(one, two, effects), compare_config(two, one, effects)
    assert [(c.field, c.before, c.after, c.declared) for c in forth] == [
        (c.field, c.after, c.before, c.declared) for c in back
    ]
