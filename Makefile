# Lika: everything a newcomer, an operator or CI needs. Wants make and Python 3.11 or newer with venv, nothing else.
# The distribution's own Python where it will do: it is compiled by what a profile says, which a self-made one seldom is, and takes a
# quarter less time for the same.
WILL_DO := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c '$(WILL_DO)' 2> /dev/null && echo /usr/bin/python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# One worker per core, two at least: each worker starts its own embedded PostgreSQL.
WORKERS ?= 2
TESTS ?=
# Tests and benches start Lika many times: like an installed one it is compiled once, not at every start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test faults bench coverage check contracts web pictures lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

setup: $(READY)  ## install everything into .venv (hash-checked; instant when nothing changed)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Lika needs Python 3.11 or newer")'
	@echo '正在安装到 $(VENV)，约半分钟 / installing into $(VENV), half a minute'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup  ## start Lika on one port with the sample township
	$(BIN)/lika up --sample

test: setup  ## run all tests against a real PostgreSQL (TESTS=path narrows, WORKERS=n spreads)
	$(BIN)/python -m pytest -n $(WORKERS) $(TESTS)

faults: setup  ## kill every part hundreds of times, cut, fill the disk, stop the clock (LIKA_SEED repeats a run)
	LIKA_FAULTS=long $(BIN)/python -m pytest -n $(WORKERS) tests/faults tests/properties tests/chassis tests/casework/evidence tests/contracts tests/journeys tests/lika tests/browser

bench: setup  ## measure what Lika reaches against its floors, ten minutes (FULL=1: the large sizes, too)
	$(BIN)/python -m tests.benchmarks $(if $(FULL),--full)

coverage: setup  ## how many mechanisms, standards and rules of the field work, by the tests that show them
	$(BIN)/python -m tests.coverage -n $(WORKERS)

check: setup  ## style, types, import directions, contracts, labels and the console's pages current and whole
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m contracts.publish --check
	$(BIN)/lika rules --check docs/rules/README.md
	$(BIN)/lika publish --check
	$(BIN)/python -m services.console.build --check
	$(BIN)/python -m tests.browser.pictures --check

contracts: setup  ## publish schemas, AsyncAPI and samples of every fact, OpenAPI, labels and the rule book
	$(BIN)/python -m contracts.publish
	$(BIN)/lika rules docs/rules/README.md
	$(BIN)/lika publish

web: setup  ## build the console's pages into services/console/built (needs Node; only when they changed)
	$(BIN)/python -m services.console.build

pictures: setup  ## take the README's pictures of the console anew (when pages or the sample changed)
	$(BIN)/python -m tests.browser.pictures

lock:  ## pin dependencies again (needs uv; only when pyproject.toml changed)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' --quiet --output-file requirements.lock

clean:  ## remove what the tools leave behind (never data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build lika.egg-info
	cd services/console/web && rm -rf node_modules src/api/generated
