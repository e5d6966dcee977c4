SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install demo test check lint bench soak lock clean
PYTHON ?= python3
V := .venv
export VIRTUAL_ENV := $(CURDIR)/$(V)
UV := $(V)/bin/uv
# --no-deps: a lock is complete; hashes: nothing is installed that was not locked.
FETCH := $(UV) pip install --quiet --require-hashes --no-deps --build-constraints build.lock --requirement
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header
SYSTEM := ./tools/system
ASSETS := desk/static/vendor/htmx.min.js

help: ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(V)/.installed $(ASSETS) ## Set everything up; leaves .venv/bin/meldpunt
	@echo "Ready: $(V)/bin/meldpunt"

demo: install ## Run the desk at http://127.0.0.1:8000, with a telephone and a mailbox beside it
	$(V)/bin/meldpunt demo

test: $(V)/.dev ## Run all tests
	@$(SYSTEM) tests
	$(V)/bin/python -m pytest $(ARGS)

check: lint test ## Run what continuous integration runs: lint, then all tests

lint: $(V)/.dev ## Check style (ruff) and types (mypy)
	$(V)/bin/ruff check
	$(V)/bin/ruff format --check
	$(V)/bin/mypy

bench: $(V)/.dev ## Measure speed against floors; writes benchmarks/results.json
	$(V)/bin/python -m benchmarks $(ARGS)

soak: $(V)/.dev ## Run the desk under load for a long time and count every contact
	$(V)/bin/python -m benchmarks.soak $(ARGS)

lock: $(V)/.bootstrapped ## Resolve every dependency anew and rewrite the lock files (ARGS=--upgrade)
	$(COMPILE) $(ARGS) pyproject.toml --output-file requirements.lock
	$(COMPILE) $(ARGS) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	for group in bootstrap build assets; do $(COMPILE) $(ARGS) --group $$group --output-file $$group.lock || exit; done
	npm install --package-lock-only --ignore-scripts $(if $(ARGS),&& npm update --package-lock-only --ignore-scripts)

clean: ## Remove everything that was installed, built or cached (never a database)
	rm -rf $(V) node_modules desk/static/vendor dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

$(V)/.bootstrapped: bootstrap.lock
	@$(SYSTEM) install $(PYTHON)
	$(PYTHON) -m venv $(V)
	$(V)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement bootstrap.lock
	@touch $@

$(V)/.installed: requirements.lock build.lock pyproject.toml $(V)/.bootstrapped
	$(FETCH) build.lock
	$(FETCH) requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(ASSETS): package.json package-lock.json assets.lock tools/assets.py $(V)/.bootstrapped
	$(V)/bin/python tools/assets.py
	@touch $@

$(V)/.dev: requirements-dev.lock $(V)/.installed $(ASSETS)
	$(FETCH) requirements-dev.lock
	@touch $@
