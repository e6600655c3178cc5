# Everything a contributor needs, on a machine with Python >= 3.11, git and make. `make help` lists it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
USE := $(VENV)/.installed
DEV := $(VENV)/.developing
PYTEST_ARGS ?= -n auto --dist loadfile
EXAMPLES := examples/realms --as-of 2026-03-02 --no-write

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-all test-lowest lint format types imports catalog docs docs-check hooks check fuzz bench release clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

venv: $(DEV) ## make the virtual environment in .venv (once; again when pyproject.toml changes)

$(USE): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV): $(USE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

demo: $(USE) ## scan the examples and show what is found
	$(BIN)/bp scan $(EXAMPLES) --fail-on never

test: $(DEV) ## run the tests, without those marked slow
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not slow"

test-all: $(DEV) ## run all tests, as CI does
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-lowest: ## run the tests with the lowest versions of the dependencies that pyproject.toml allows
	@mkdir -p build
	$(PYTHON) tools/lowest.py > build/lowest.txt
	PIP_CONSTRAINT=$(CURDIR)/build/lowest.txt $(MAKE) --no-print-directory test-all VENV=.venv-lowest \
	  PYTEST_ARGS="$(PYTEST_ARGS) -W ignore::DeprecationWarning"

lint: $(DEV) ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEV) ## fix style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV) ## strict type check
	$(BIN)/mypy

imports: $(DEV) ## the import contract: layers, and the sole importer of each library
	$(BIN)/lint-imports --no-logo

catalog: $(DEV) ## check the packaged catalog
	$(BIN)/bp catalog check

docs: $(DEV) ## generate docs/rules.md, docs/predicates.md and the schema of gap reports
	$(BIN)/python tools/gen_docs.py

docs-check: $(DEV) ## fail if a generated file is out of date
	$(BIN)/python tools/gen_docs.py --check

hooks: $(DEV) ## what our hooks run, on our own examples
	$(BIN)/bp lint --fail-on never -- examples/realms > /dev/null
	$(BIN)/bp diff HEAD --staged

check: lint types imports catalog docs-check hooks test-all ## everything that CI runs

fuzz: $(DEV) ## damaged files by the thousand (see fuzz/README.md)
	$(BIN)/python -m fuzz.mutate --cases 20000 --jobs 2

bench: $(DEV) ## measure against peers on the same files (see benchmarks/README.md)
	$(BIN)/python -m benchmarks.run --write

release: $(DEV) ## build the release into dist/ and try the wheel in a clean environment (see RELEASING.md)
	@test -z "$$(git status --porcelain)" || { echo "commit or remove this first:"; git status --short; exit 1; }
	rm -rf dist build/release
	$(BIN)/python -m build --outdir dist
	$(PYTHON) -m venv build/release
	build/release/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	place=$$(mktemp -d) && cp -R examples $$place && cd $$place && PATH=$(CURDIR)/build/release/bin:$$PATH && \
	  bp --version && bp catalog check && bp scan $(EXAMPLES) --fail-on never --output report && \
  tail -n 1 report && rm -rf $$place

clean: ## remove what the targets made
	rm -rf $(VENV) .venv-lowest dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
