# The commands of this repository; `make help` lists them.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
.PHONY: help setup setup-tests run test test-postgresql test-reasoning test-application test-full check static format-check lint types contract \
  test-fast bench load lock clean

PYTHON ?=
export PYTHON
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
JOBS ?= 2
COVERAGE := --cov --cov-report=term

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-16s %s\n", $$1, $$2 }'

setup:  ## .venv with everything the program needs (PYTHON=… chooses the interpreter)
	@.ci/setup

setup-tests:
	@.ci/setup --tests

run: setup  ## set up and certify the bundled province: a table here, the decisions in out/
	@$(BIN)/certify demo --out out

test: setup-tests  ## set up and pass all tests, on SQLite and PostgreSQL; branch coverage of levels, evidence and rules
	@$(MAKE) --no-print-directory --keep-going test-postgresql test-reasoning test-application

test-postgresql: setup-tests  ## the fast tests that use a database, on a PostgreSQL server of their own
	@$(BIN)/python -m tests.postgres $(PYTEST) -q -n $(JOBS) -m "database and not slow and not whole"

# Counting branches makes everything slower, so it is done where the law is tested, and not while pages are fetched.
test-reasoning: setup-tests  ## what needs neither database nor browser, with branch coverage
	@$(PYTEST) -q -n $(JOBS) $(COVERAGE) -m "not (database or whole or slow)"

test-application: setup-tests  ## what uses a database, builds, installs or renders something whole, on SQLite
	@$(PYTEST) -q -n $(JOBS) -m "(database or whole) and not slow"

test-full: setup-tests  ## as test, with the full numbers (100,000 random verdicts …)
	@$(PYTEST) -n $(JOBS) -m "slow or not slow" $(COVERAGE)

check: setup-tests  ## format, lint, types, import contract and the fast tests; all of them, whichever fails
	@$(MAKE) --no-print-directory --keep-going static test-fast

static: setup-tests  ## format, lint, types and import contract
	@$(MAKE) --no-print-directory --keep-going format-check lint types contract

format-check:
	@$(BIN)/ruff format --check --quiet . || { echo "ruff format . would change the files above"; exit 1; }

lint:
	@$(BIN)/ruff check --quiet .

types:
	@$(BIN)/mypy

contract:
	@$(BIN)/lint-imports --no-logo

test-fast:
	@$(PYTEST) -q -n $(JOBS) -m "not slow and not whole"

load: setup-tests  ## 100 officers and 20 appraisers for a minute, beside a bare view of the same server
	@$(BIN)/python -m tests.load

bench: setup-tests  ## how fast and how large, as ratios measured side by side
	@$(BIN)/python -m tests.benchmarks

lock:  ## pin anew what pyproject.toml asks for (needs uv)
	@.ci/lock

clean:  ## remove what the other commands made, but not out/
	@rm -rf .venv build dist *.egg-info .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
