"""Logs of builds, in the shape that the engines print."""

from dockeropt.measure.buildlog import BuildahLog, BuildkitLog

BUILDKIT = """\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#4 [b 1/2] FROM docker.io/library/debian:bookworm-slim
#4 CACHED

#5 [stage-1 2/4] WORKDIR /srv
#5 CACHED

#6 [b 2/2] RUN echo building
#6 0.157 building
#6 1.358 STEP 1/2: CACHED
#6 DONE 1.4s

#7 [linux/amd64 stage-1 3/4] COPY --from=b /a /x
#7 ERROR: failed to solve: Canceled: context canceled

#8 [stage-1 4/4] RUN make
#8 0.043 cc: not found
#8 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 127
------
 > [stage-1 4/4] RUN make:
0.043 cc: not found
------
ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 127
"""

BUILDAH = """\
[1/2] STEP 1/2: FROM debian AS b
[1/2] STEP 2/2: RUN echo hi
hi
--> 5b0c1e2f
[2/2] STEP 1/3: FROM debian
[2/2] STEP 2/3: COPY --from=b /a /x
--> Using cache 77aa
--> 77aa
[2/2] STEP 3/3: RUN make
/bin/sh: 1: make: not found
Error: building at STEP "RUN make": while running runtime: exit status 127
"""


def test_buildkit() -> None:
    log = BuildkitLog()
    began = [name for line in BUILDKIT.splitlines() if (name := log.feed(line, 0.0))]
    assert [(step.name.partition("] ")[2], step.cached, step.seconds) for step in log.steps()] == [
        ("WORKDIR /srv", True, 0.0),
        ("RUN echo building", False, 1.4),
        ("COPY --from=b /a /x", False, 0.0),
        ("RUN make", False, 0.0),
    ]
    assert began[0].startswith("[b 1/2] FROM")
    failed, reason = log.failure()
    assert failed == "[stage-1 4/4] RUN make"
    assert reason.splitlines()[0] == "cc: not found"
    assert reason.endswith("exit code: 127")


def test_a_build_that_fails_before_its_first_step() -> None:
    log = BuildkitLog()
    log.feed("ERROR: failed to solve: dockerfile parse error on line 1", 0.0)
    assert log.failure() == ("", "failed to solve: dockerfile parse error on line 1")


def test_buildah() -> None:
    log = BuildahLog()
    began = [
        name for second, line in enumerate(BUILDAH.splitlines()) if (name := log.feed(line, second + 1.0))
    ]
    assert [tuple(step) for step in log.steps()] == [
        ("RUN echo hi", False, 3.0),
        ("COPY --from=b /a /x", True, 3.0),
        ("RUN make", False, 2.0),
    ]
    assert began[1] == "[1/2] STEP 2/2: RUN echo hi"
    assert log.failure() == (
        "RUN make",
        "/bin/sh: 1: make: not found\nwhile running runtime: exit status 127",
    )
