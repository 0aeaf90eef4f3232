# Dougong: `make run` serves, `make test` tests, `make check` reads the code, `make bench` measures, `make faults` kills.
# Each does the set-up it needs, once: stamps in .venv say what is done. Needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
SUITE ?=

BIN := .venv/bin
# A stamp holds for one place only: a checkout that was moved or copied is set up again.
STAMPS := .venv/stamps-$(shell pwd | cksum | cut -d ' ' -f 1)
WEB_SOURCES := $(shell find web_designer \( -name node_modules -o -name dist -o -path web_designer/tests \) -prune -o -type f -print 2>/dev/null)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet
NPM := cd web_designer && PATH="$(CURDIR)/$(BIN):$$PATH" npm

export PYTHONUTF8 := 1
# Processes that tests start would compile every module anew, each of them, where the environment forbids to keep what was compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench faults browser directory web clean
.DELETE_ON_ERROR:

help:
	@echo 'make run     set up and serve at http://127.0.0.1:8000'
	@echo 'make test    everything a change must pass: make check, then all tests'
	@echo 'make check   linters, types, floors'
	@echo 'make faults  twenty rounds of writing while server and database are killed'
	@echo 'make bench   speed, beside what the machine can do; SUITE=records measures one suite'

run: $(STAMPS)/project web
	@exec $(BIN)/dougong serve

test: browser directory check web
	@echo '-- vitest'
	@$(NPM) run --silent test
	@echo '-- pytest'
	@$(BIN)/python -m pytest -q --numprocesses 3 --dist loadfile --no-loadscope-reorder

check: $(STAMPS)/dev $(STAMPS)/project web_designer/node_modules/.installed
	@echo '-- ruff'
	@$(BIN)/ruff check --quiet .
	@echo '-- mypy'
	@$(BIN)/mypy --no-error-summary
	@echo '-- import-linter'
	@$(BIN)/lint-imports --no-logo >$(STAMPS)/floors.txt || { cat $(STAMPS)/floors.txt; exit 1; }
	@echo '-- eslint'
	@$(NPM) run --silent lint
	@echo '-- tsc'
	@$(NPM) run --silent types

bench: browser $(STAMPS)/dev $(STAMPS)/project web
	@$(BIN)/python -m tests.bench $(SUITE)

faults: $(STAMPS)/dev $(STAMPS)/project web
	@$(BIN)/python -m tests.faults

browser: $(STAMPS)/venv
	@$(BIN)/python setup/browser.py

directory: $(STAMPS)/dev
	@$(BIN)/python setup/directory.py

web: web_designer/dist/index.html

clean:
	rm -rf .venv web_designer/node_modules web_designer/dist/* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(STAMPS)/venv: setup/environment.py
	@$(PYTHON) setup/environment.py .venv
	@mkdir -p $(@D) && touch $@

$(STAMPS)/run: requirements/run.txt setup/node.py $(STAMPS)/venv
	@echo '-- installing Python packages'
	@$(PIP) --require-hashes -r $<
	@$(BIN)/python setup/node.py
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/run
	@echo '-- installing Python packages for tests'
	@$(PIP) --require-hashes -r $<
	@touch $@

$(STAMPS)/project: pyproject.toml setup/checkout.py $(STAMPS)/run
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(PYTHON) setup/checkout.py .venv
	@touch $@

web_designer/node_modules/.installed: web_designer/package.json web_designer/package-lock.json $(STAMPS)/run
	@echo '-- installing web packages'
	@$(NPM) ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

web_designer/dist/index.html: $(WEB_SOURCES) web_designer/node_modules/.installed
	@echo '-- building the web pages'
	@$(NPM) run --silent build
	@touch web_designer/dist/.gitkeep $@
