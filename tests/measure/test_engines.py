"""The command lines of the engines: what they are given, what is read, and what is left behind."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from dockeropt.measure.buildah import Podman
from dockeropt.measure.commandline import matched
from dockeropt.measure.docker import Docker
from dockeropt.measure.engine import BuildRequest
from dockeropt.measure.process import TimeOut, run
from tests.measure.fake_programs import Programs


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return Programs(folder)


OPTIONS = ("--network", "host", "--secret", "id=x,src=y z", "--ssh", "default", "--builder=farm")


def test_options_come_through_unchanged(programs: Programs) -> None:
    programs.add("docker", "")
    request = BuildRequest(
        "ctx", "D", "t:1", "stage", {"A": "1", "B": None}, no_cache=True, options=OPTIONS, run="r1"
    )
    assert Docker("26.1.5").build(request).ok
    [call] = programs.calls()
    assert call[:5] == ["docker", "buildx", "build", "--load", "--progress=plain"]
    assert tuple(call[-len(OPTIONS) - 1 : -1]) == OPTIONS
    assert call[-1] == "ctx"
    assert " ".join(call).count("--label dev.dockeropt.verify=r1 --target stage --build-arg A=1") == 1
    assert call[call.index("B") - 1] == "--build-arg"
    assert "--no-cache" in call


def test_a_failing_step_is_shown(programs: Programs) -> None:
    log = "#1 [1/2] FROM a\n#1 DONE 0.0s\n#2 [2/2] RUN make\n#2 0.1 cc: no\n#2 ERROR: exit code: 2\n"
    programs.add("docker", f"print({log!r})\nsys.exit(1)\n")
    began: list[str] = []
    outcome = Docker("26.1.5").build(BuildRequest("c", "D", "t"), began.append)
    assert not outcome.ok
    assert outcome.failed == "[2/2] RUN make"
    assert outcome.reason == "cc: no\nexit code: 2"
    assert began == ["[1/2] FROM a", "[2/2] RUN make"]
    assert "cc: no" in outcome.output


def test_podman_primes_its_cache_and_is_told_of_ignored_files(programs: Programs, tmp_path: Path) -> None:
    programs.add("podman", "")
    (tmp_path / "D.dockerignore").write_text("x\n")
    request = BuildRequest(str(tmp_path), str(tmp_path / "D"), "t", no_cache=True)
    assert Podman("4.3.1", "1.28.2").build(request).ok
    first, second = programs.calls()
    assert "--no-cache" in first
    assert second == [word for word in first if word != "--no-cache"]
    assert first[first.index("--ignorefile") + 1] == f"{request.dockerfile}.dockerignore"


def test_ctrl_c_ends_the_build_and_all_that_it_started(programs: Programs, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    programs.add(
        "docker",
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "print('#1 [1/1] RUN sleep', flush=True)\ntime.sleep(60)\n",
    )

    def interrupt(_: str) -> None:
        threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Docker("26.1.5").build(BuildRequest("c", "D", "t"), interrupt)
    assert time.monotonic() - began < 30
    time.sleep(0.3)
    for pid in map(int, pids.read_text().split()):
        state = Path(f"/proc/{pid}/stat")
        assert not state.exists() or state.read_text().split()[2] == "Z"
    with pytest.raises(ChildProcessError):
        os.waitpid(int(pids.read_text().split()[0]), 0)  # waited for already


def test_a_sweep_removes_what_carries_the_label(programs: Programs) -> None:
    programs.add(
        "docker", "if args[0] == 'ps':\n    print('c1')\nif args[0] == 'images':\n    print('i1\\ni1')\n"
    )
    Docker("26.1.5").sweep("r1")
    removed = [call[1:] for call in programs.calls() if "rm" in call]
    assert removed == [["rm", "--force", "--volumes", "c1"], ["image", "rm", "--force", "i1"]]
    assert all(
        f"label=dev.dockeropt.verify={'r1'}" in call for call in programs.calls() if "--filter" in call
    )


def test_a_command_that_takes_too_long_is_ended(programs: Programs) -> None:
    programs.add("slow", "time.sleep(60)\n")
    with pytest.raises(TimeOut, match="did not answer within"):
        run(["slow"], timeout=0.5)


def test_layers_find_their_place_in_the_history() -> None:
    history = [("", 70), ("ENV A=1", 0), ("WORKDIR /x", 0), ("RUN true", 0), ("CMD x", 0)]
    assert [layer.diff_id for layer in matched(history, ["a", "b", "c"])] == ["a", "", "b", "c", ""]
    assert [layer.diff_id for layer in matched([("RUN x", 5)], ["base", "b"])] == ["base", "b"]


def test_a_health_check_beside_the_configuration_is_part_of_it(programs: Programs) -> None:
    answer = '[{"Id": "i", "Size": 1, "Config": {"User": "u"}, "Healthcheck": {"Test": ["CMD", "x"]}}]'
    programs.add("podman", f"if args[1] == 'inspect':\n    print({answer!r})\nelse:\n    print('[]')\n")
    assert Podman("4.3.1", "1.28.2").image("t").config == {
        "User": "u",
        "Healthcheck": {"Test": ["CMD", "x"]},
    }
