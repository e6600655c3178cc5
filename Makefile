# Everything a contributor needs, on a machine with Python >= 3.11, git and make. `make help` lists it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST_ARGS ?= -n auto
EXAMPLES := examples/realms --as-of 2026-03-02 --no-write

.DEFAULT_GOAL := help
.PHONY: help venv demo test lint format types imports catalog docs docs-check hooks check bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

venv: $(STAMP) ## make the virtual environment in .venv (once; again when pyproject.toml changes)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

demo: $(STAMP) ## scan the examples and show what is found
	$(BIN)/bp scan $(EXAMPLES) --fail-on never

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(STAMP) ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP) ## mend style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(STAMP) ## strict type check
	$(BIN)/mypy

imports: $(STAMP) ## the floors of the house: who may import whom
	$(BIN)/lint-imports --no-logo

catalog: $(STAMP) ## check the packaged catalog
	$(BIN)/bp catalog check

docs: $(STAMP) ## generate docs/rules.md and docs/predicates.md
	$(BIN)/python tools/gen_docs.py

docs-check: $(STAMP) ## fail if the generated pages are out of date
	$(BIN)/python tools/gen_docs.py --check

hooks: $(STAMP) ## judge our own examples as a user's repository would
	$(BIN)/bp scan $(EXAMPLES) --fail-on never --format json > /dev/null
	$(BIN)/bp scan examples/broken --as-of 2026-03-02 --no-write --fail-on never --format json > /dev/null

check: lint types imports catalog docs-check hooks test ## everything that CI runs

bench: $(STAMP) ## measure against peers on the same files (see benchmarks/README.md)
	$(BIN)/python -m benchmarks

clean: ## remove what the targets made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
