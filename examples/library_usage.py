"""Fix Dockerfiles from a build script: ten lines with the library."""

import sys

import dockeropt

options = dockeropt.Options(ignore=("style",))
for result in dockeropt.fix_paths(sys.argv[1:], options=options):
    print(result.diff(), end="")
    for step in result.steps:
        for applied in step.fixes:
            print(f"{result.path}:{applied.line}: {step.pass_id}: {applied.message}", file=sys.stderr)
