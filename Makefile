# Every target sets up what it needs: Python 3.11+ and make are enough.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev
BENCH := $(VENV)/.installed-bench
KERNELS := $(VENV)/.kernels

.NOTPARALLEL:
.PHONY: help demo serve setup kernels check test bench manual lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 16

demo: $(RUNTIME) $(KERNELS)  ## plan a sample day: map, sheets, report and summary under out/
	@$(BIN)/logistics demo --output out

serve: $(RUNTIME) $(KERNELS)  ## run the service on this machine, http://127.0.0.1:8000
	@$(BIN)/logistics serve

# The two steps before check and test, for who wants them side by side.
setup: $(DEV)
kernels: $(KERNELS)

check: $(DEV)  ## style, types, architecture, docstrings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.docstrings $$(git ls-files 'logistics/*.py' 'api/*.py' 'maps/*.py' | grep -v /migrations/)

# Three at a time for two cores: one often waits for a browser, a server or a solver's second. The
# order is that of tests/conftest.py.
test: $(DEV) $(KERNELS)  ## the whole test suite, on SQLite and PostgreSQL, in a real browser where there is one
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered $(ARGS)

bench: $(BENCH) $(KERNELS)  ## speed, memory and solution quality, as ratios in one run
	$(BIN)/python -m tests.bench $(ARGS)

manual: $(DEV)  ## take the pictures of the manual anew, of the pages as they are (needs Chromium)
	$(BIN)/python -m tests.screenshots $(ARGS)

# A lock file names versions and hashes, never where they came from.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
	--generate-hashes --upgrade pyproject.toml
lock: $(RUNTIME)  ## renew the hash-pinned lock files from pyproject.toml
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --extra cluster --group test --group check --group notebooks \
		--constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group build --extra cluster --group test --group check --group notebooks --group bench \
		--constraint requirements-dev.lock --output-file requirements-bench.lock

clean:  ## remove the virtual environment and what demo wrote
	rm -rf $(VENV) out

# The stamp is as old as the lock file it was installed from, so an unchanged lock costs nothing.
$(RUNTIME): requirements.lock pyproject.toml
	@$(call install,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml
	@$(call install,requirements-dev.lock)
	@touch $@ $(RUNTIME)

$(BENCH): requirements-bench.lock pyproject.toml
	@$(call install,requirements-bench.lock)
	@touch $@ $(DEV) $(RUNTIME)

# Compiled once here, so that no first plan is slow; again only when a kernel or a library changes.
$(KERNELS): $(wildcard logistics/planning/improve/*.py logistics/planning/exact/*.py)
	@$(BIN)/python -m logistics.planning.warm
	@touch $@

# uv installs the same locked, hash-checked files in a quarter of pip's time; pip serves where uv cannot run.
define install
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
	echo "Setting up $(VENV) from $(1) ..."; \
	awk '/^[^ ]/ { keep = /^uv==/ } keep' $(1) > $(VENV)/uv.lock; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement $(VENV)/uv.lock; \
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1) \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	$(BIN)/python -m compileall -q logistics api maps; \
	rm -f $(KERNELS)
endef
