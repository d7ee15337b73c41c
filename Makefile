# Everything a stranger needs. Each target makes what it stands on; nothing is installed
# outside .venv except, for tests and only as root on Debian, the shells that they ask.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?=

.PHONY: try test lint format fuzz corpus projects embedded bench docs clean
.DEFAULT_GOAL := help

help:
	@echo "make try     install into .venv and fix a Dockerfile"
	@echo "make test    run the tests"
	@echo "make prove   build all examples before and after, and write docs/results.md"
	@echo "make engine-test   run the tests that build images; on Debian 12, as root, with an engine of their own"
	@echo "make lint    check style and types"
	@echo "make fuzz    run the random tests for longer"
	@echo "make corpus DIR=folder   run every pass over a folder of Dockerfiles"
	@echo "make projects DIR=folder   run every pass over real projects with their build context"
	@echo "make embedded DIR=folder   fix the Dockerfiles inside real Python and Markdown files"
	@echo "make bench [DIR=folder]  measure speed"
	@echo "make docs    write the generated pages again"

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/.lint: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	@touch $@

# The exit code 1 of a preview means that there is something to change; here that is the point.
try: $(VENV)/.runtime
	@echo '$$ dockeropt fix --unsafe examples/article/before.Dockerfile'
	@$(BIN)/dockeropt fix --unsafe examples/article/before.Dockerfile; \
	  code=$$?; [ $$code -le 1 ] || exit $$code
	@echo
	@echo 'Nothing was written. Try it on a file of yours: $(BIN)/dockeropt fix path/to/Dockerfile'

test: $(VENV)/.tests shells
	$(BIN)/python -m pytest -n auto -m "not engine" $(ARGS)

# Builds every example before and after, and what peers make of it; some minutes for each.
.PHONY: prove
prove: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[peers]'
	$(BIN)/python -m tests.engine run --bases all -- $(BIN)/python -m tests.prove $(ARGS)

# Where an engine can be brought up, its tests must not be skipped; elsewhere they use what answers.
.PHONY: engine-test
engine-test: $(VENV)/.tests
	$(BIN)/python -m tests.engine run --bases small --buildah -- \
	  $(BIN)/python -m pytest -m engine -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.tests shells
	DOCKEROPT_FUZZ=$${DOCKEROPT_FUZZ:-2000} $(BIN)/python -m pytest -n auto -m fuzz $(ARGS)

corpus: $(VENV)/.tests shells
	@[ -n "$(DIR)" ] || { echo "make corpus DIR=folder-of-Dockerfiles" >&2; exit 2; }
	$(BIN)/python -m tests.corpus --each $(DIR)

projects: $(VENV)/.tests shells
	@[ -n "$(DIR)" ] || { echo "make projects DIR=folder-of-repositories" >&2; exit 2; }
	$(BIN)/python -m tests.projects $(DIR)

embedded: $(VENV)/.tests
	@[ -n "$(DIR)" ] || { echo "make embedded DIR=folder-of-repositories" >&2; exit 2; }
	$(BIN)/python -m tests.embedded $(DIR)

bench: $(VENV)/.tests
	$(BIN)/python -m tests.bench $(DIR)
	$(BIN)/python -m tests.bench_server

docs: $(VENV)/.tests
	$(BIN)/python docs/generate.py

# The shells that judge our scripts. Tests that need one which is missing are skipped and say so.
.PHONY: shells
shells:
	@missing=; for shell in dash bash busybox mksh git; do command -v $$shell >/dev/null || missing="$$missing $$shell"; done; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$missing; } \
	    >/dev/null 2>&1 || echo "could not install:$$missing" >&2; \
	fi

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
