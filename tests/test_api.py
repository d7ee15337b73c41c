"""The library's laws, and that many workers change nothing but the time."""

import importlib
import os
import pickle
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dockeropt
from dockeropt import parallel
from dockeropt.errors import ConfigError, FileProblem, SyntaxProblem

TWO = "FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"
ONE = "FROM debian:12\nRUN mkdir /a \\\n    && mkdir /b\n"
MERGE = dockeropt.Options(select=("merge-runs",))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(30):
        folder = tmp_path / f"d{number:02}"
        folder.mkdir()
        text = [TWO, "FROM scratch\n", "RUNN\n", "FROM a\nRUN \0\n"][number % 4]
        (folder / "Dockerfile").write_text(text)
    return tmp_path


# --- names -----------------------------------------------------------------------------


def test_every_public_name_exists_and_comes_from_where_the_types_say() -> None:
    assert sorted(dockeropt.__all__) == dockeropt.__all__
    homes = {name: module for module, names in dockeropt._HOMES.items() for name in names.split()}
    assert sorted(homes) == dockeropt.__all__
    source = Path(dockeropt.__file__).read_text("utf-8")
    for name, module in homes.items():
        assert getattr(dockeropt, name) is getattr(importlib.import_module(module), name)
        assert f"from {module} import " in source
        assert name in dir(dockeropt)
        # Importing dockeropt.x sets the attribute x of the package, whatever stood there before.
        assert not Path(dockeropt.__file__).with_name(name).exists()
        assert not Path(dockeropt.__file__).with_name(f"{name}.py").exists()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = dockeropt.nonsense


def test_public_functions_and_results_are_typed_and_documented() -> None:
    for name in dockeropt.__all__:
        value = getattr(dockeropt, name)
        assert value.__doc__, name
    for name in ("fix_str", "check_str", "fix_file", "fix_paths", "load_options", "list_passes", "parse"):
        code = getattr(dockeropt, name)
        assert "return" in code.__annotations__, name


# --- results ---------------------------------------------------------------------------


def test_a_result_says_everything() -> None:
    result = dockeropt.fix_str(TWO, options=MERGE, path="x/Dockerfile")
    assert (result.original, result.fixed, result.changed, result.written) == (TWO, ONE, True, False)
    (step,) = result.steps
    assert (step.pass_id, step.category, step.before, step.after) == ("merge-runs", "size", TWO, ONE)
    assert step.fixes[0].line == 2
    assert result.diff().startswith("--- a/x/Dockerfile\n+++ b/x/Dockerfile\n@@ -1,3 +1,3 @@\n")
    assert result.diff(context=0, prefix=("", "")).startswith(
        "--- x/Dockerfile\n+++ x/Dockerfile\n@@ -2,2 +2,2 @@\n"
    )
    assert (result.leftover, result.rejected, result.problems, result.errors) == ((), (), (), ())


def test_what_buildkit_rejects_is_said_and_left_alone() -> None:
    result = dockeropt.fix_str("FROM a\n\nRUNN x\n", path="f")
    assert not result.changed
    (problem,) = result.problems
    assert isinstance(problem, SyntaxProblem)
    assert str(problem).startswith("f:3:1: unknown instruction: RUNN")
    assert [str(error) for error in result.errors] == [str(problem)]


def test_check_only_finds() -> None:
    (finding,) = dockeropt.check_str(TWO, options=MERGE)
    assert finding.pass_id == "merge-runs"
    assert finding.fix is not None
    assert finding.fix.applicability is dockeropt.Applicability.SAFE
    assert dockeropt.check_str(ONE, options=MERGE) == ()


def test_results_cannot_be_changed() -> None:
    result = dockeropt.fix_str(TWO, options=MERGE)
    for thing, name in ((result, "path"), (result, "fixed"), (result.steps[0], "after"), (MERGE, "select")):
        with pytest.raises(AttributeError):
            setattr(thing, name, "")


def test_results_cross_process_borders() -> None:
    for text in (TWO, "RUNN\n", ""):
        result = dockeropt.fix_str(text, options=MERGE, path="p")
        again = pickle.loads(pickle.dumps(result))
        assert (again.fixed, again.steps, again.path) == (result.fixed, result.steps, result.path)
        assert [str(p) for p in again.problems] == [str(p) for p in result.problems]


def test_parse_takes_text_and_bytes() -> None:
    assert str(dockeropt.parse(TWO)) == TWO
    assert str(dockeropt.parse(TWO.encode())) == TWO


def test_passes_are_listed_in_the_order_they_run() -> None:
    known = dockeropt.list_passes()
    assert list(known.values()) == sorted(known.values(), key=lambda info: info.phase)
    assert known["merge-runs"].summary


# --- options ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"select": ("no-such-pass",)},
        {"ignore": ("no-such-pass",)},
        {"unfixable": ("no-such-pass",)},
        {"passes": {"merge-runs": {"no-such-option": 1}}},
    ],
)
def test_wrong_options_raise(options: dict[str, Any], tmp_path: Path) -> None:
    wrong = dockeropt.Options(**options)
    (tmp_path / "Dockerfile").write_text(TWO)
    with pytest.raises(ConfigError):
        dockeropt.fix_str(TWO, options=wrong)
    with pytest.raises(ConfigError):
        dockeropt.check_str(TWO, options=wrong)


def test_per_file_ignores_need_a_name() -> None:
    options = MERGE._replace(per_file_ignores=(("*.dev", ("merge-runs",)),), root="/r")
    assert not dockeropt.fix_str(TWO, options=options, path="/r/Dockerfile.dev").changed
    assert dockeropt.fix_str(TWO, options=options, path="/r/Dockerfile").changed
    assert dockeropt.fix_str(TWO, options=options).changed


def test_levels_can_be_moved() -> None:
    unsafe = MERGE._replace(extend_unsafe_fixes=("size",))
    (left,) = dockeropt.fix_str(TWO, options=unsafe).leftover
    assert (left.reason, left.line, left.column) == ("unsafe", 2, 1)
    assert dockeropt.fix_str(TWO, options=unsafe._replace(unsafe_fixes=True)).changed
    assert not dockeropt.fix_str(TWO, options=MERGE._replace(fixable=("style",))).changed


# --- laws ------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["FROM a\n", "FROM a AS b\n", "RUN ", "x", " ", "\\\n", "\n", "# c\n", "&& ", "$(", ")", "'", '"', "<<E\n", "E\n",
     "ENV A=b\n", "COPY . .\n", "\r\n", "\ufeff", "\udcff", 'CMD ["a"]\n', "ONBUILD ", "# escape=`\n", "`\n", "apt-get install -y x "]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=25).map("".join)
UNSAFE = dockeropt.Options(unsafe_fixes=True)


@settings(deadline=None, max_examples=int(os.environ.get("DOCKEROPT_FUZZ", "150")))
@given(TEXTS)
def test_total_idempotent_and_exact(text: str) -> None:
    for options in (dockeropt.Options(), UNSAFE):
        first = dockeropt.fix_str(text, options=options)
        assert first.outcome.stable
        assert not first.rejected
        again = dockeropt.fix_str(first.fixed, options=options)
        assert again.fixed == first.fixed
        assert str(dockeropt.parse(text)) == text
        if not first.changed:
            assert first.diff() == ""


def test_pure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    dockeropt.fix_str(TWO)  # modules are loaded from disk the first time

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("not pure")

    for name in ("getcwd", "listdir", "scandir", "stat"):
        monkeypatch.setattr(os, name, refuse)
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("builtins.print", refuse)
    monkeypatch.setattr("socket.socket", refuse)
    assert dockeropt.fix_str(TWO, options=MERGE).fixed == ONE
    dockeropt.fix_str(TWO, options=UNSAFE)
    dockeropt.check_str(TWO)
    monkeypatch.undo()
    assert capsys.readouterr() == ("", "")


# --- files -----------------------------------------------------------------------------


def test_fix_file(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(TWO)
    assert dockeropt.fix_file(path, options=MERGE).fixed == ONE
    assert path.read_text() == TWO
    result = dockeropt.fix_file(path, options=MERGE, write=True)
    assert (result.written, path.read_text()) == (True, ONE)
    assert not dockeropt.fix_file(path, options=MERGE, write=True).written


def test_a_file_that_cannot_be_read_gives_a_result(tmp_path: Path) -> None:
    result = dockeropt.fix_file(tmp_path / "missing", write=True)
    assert isinstance(result.error, FileProblem)
    assert not result.changed
    assert not result.written


def outcomes(results: Iterator[dockeropt.FixResult]) -> list[tuple[str, str, str]]:
    return [(r.path, r.fixed, "; ".join(map(str, r.errors))) for r in results]


def test_fix_paths_is_lazy_and_in_order(tree: Path) -> None:
    results = dockeropt.fix_paths([tree], options=MERGE, write=True, jobs=1)
    assert (tree / "d00" / "Dockerfile").read_text() == TWO
    first = next(results)
    assert first.path == str(tree / "d00" / "Dockerfile")
    assert (tree / "d00" / "Dockerfile").read_text() == ONE
    assert (tree / "d04" / "Dockerfile").read_text() == TWO
    results.close()
    assert (tree / "d04" / "Dockerfile").read_text() == TWO


def test_workers_make_no_difference(tree: Path) -> None:
    one = outcomes(dockeropt.fix_paths([tree], options=MERGE, jobs=1))
    assert len(one) == 30
    assert one == outcomes(dockeropt.fix_paths([tree], options=MERGE, jobs=2))
    with ThreadPoolExecutor(3) as threads:
        assert one == outcomes(dockeropt.fix_paths([tree], options=MERGE, executor=threads))
    with ProcessPoolExecutor(2) as processes:
        assert one == outcomes(dockeropt.fix_paths([tree], options=MERGE, executor=processes))


def test_workers_need_no_files(tree: Path) -> None:
    seen: list[object] = []

    class Elsewhere(Executor):
        def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Any:
            # Everything goes over a wire, as to another machine.
            function, arguments = pickle.loads(pickle.dumps((function, arguments)))
            seen.append(arguments)
            future: Future[object] = Future()
            future.set_result(pickle.loads(pickle.dumps(function(*arguments))))
            return future

    results = list(dockeropt.fix_paths([tree], options=MERGE, write=True, executor=Elsewhere()))
    assert sum(r.written for r in results) == 8
    assert (tree / "d04" / "Dockerfile").read_text() == ONE
    assert seen


def test_a_worker_that_dies_costs_only_its_own_files(tree: Path) -> None:
    class Dying(ThreadPoolExecutor):
        calls = 0

        def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Any:
            Dying.calls += 1
            if Dying.calls == 1:
                future: Future[object] = Future()
                future.set_exception(MemoryError())
                return future
            return super().submit(function, *arguments)

    with Dying(1) as executor:
        results = list(dockeropt.fix_paths([tree], options=MERGE, executor=executor))
    assert len(results) == 30
    failed = [r for r in results if r.error and "the worker failed: MemoryError" in str(r.error)]
    assert 0 < len(failed) <= parallel.BATCH


def test_only_a_bounded_number_of_jobs_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    most = open_now = read = 0
    lock = threading.Lock()

    class Counting(ThreadPoolExecutor):
        def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Any:
            nonlocal most, open_now
            with lock:
                open_now += 1
                most = max(most, open_now)
            return super().submit(function, *arguments)

    def items() -> Iterator[parallel.Item]:
        nonlocal read
        for number in range(2000):
            read += 1
            yield parallel.Job(str(number), "", MERGE, apply=True)

    def work(jobs: Sequence[parallel.Job]) -> list[dockeropt.FixResult]:
        return [dockeropt.FixResult(job.path, dockeropt.fix_str("").outcome) for job in jobs]

    with Counting(2) as executor:
        results = parallel.map_jobs(items(), work, workers=2, executor=executor)
        for number, result in enumerate(results):
            assert result.path == str(number)
            open_now -= number % parallel.BATCH == 0
            if number == 0:
                assert read <= 10 * parallel.BATCH
    assert most <= 10


def test_options_may_depend_on_the_path(tree: Path) -> None:
    (tree / "d00" / "dockeropt.toml").write_text("ignore = ['merge-runs', 'use-slim-base']\n")
    (tree / "d04" / "dockeropt.toml").write_text("selct = 1\n")
    results = {r.path[-14:]: r for r in dockeropt.fix_paths([tree], options=dockeropt.load_options)}
    assert not results["d00/Dockerfile"].changed
    assert isinstance(results["d04/Dockerfile"].error, ConfigError)
    assert results["d08/Dockerfile"].changed


def test_wrong_options_for_all_raise(tree: Path) -> None:
    with pytest.raises(ConfigError):
        list(dockeropt.fix_paths([tree], options=dockeropt.Options(select=("no-such-pass",))))


@pytest.mark.slow
def test_dask_does_the_work(tree: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dockeropt[dask] is not installed")
    one = outcomes(dockeropt.fix_paths([tree], options=MERGE, jobs=1))
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert outcomes(dockeropt.fix_paths([tree], options=MERGE, executor=client.get_executor())) == one
