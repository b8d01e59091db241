# Kith's commands. `make demo` and `make test` need Python 3.11 or newer with venv, git and make.

PYTHON ?= python3
PORT ?= 8080
WORKERS ?= auto
SEEDS ?= 1-20000
KILLS ?= 500
UPDATES ?= 1000000

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq
# One stamp for what Kith needs, one for what its tests need besides: with both newer than
# their lock, nothing is installed and nothing is fetched.
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
READY_BENCH := .venv/.ready-bench
LOCK := $(BIN)/uv pip compile --quiet pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command 'make lock' $(UPGRADE)

.PHONY: help demo install test check coverage static format lint types imports texts texts-current \
	docs docs-current screenshot simulate torture fuzz mutants bench lock clean

help:
	@echo 'make demo        Kith in your browser, with a sample circle: http://127.0.0.1:$(PORT)'
	@echo 'make install     the same without starting it'
	@echo 'make test        every test'
	@echo 'make check       all that CI runs: the tests, style, types, imports, texts, docs'
	@echo 'make coverage    every test, and which lines none of them reaches'
	@echo 'make simulate    SEEDS=1-20000: whole days from dice, in virtual time'
	@echo 'make torture     KILLS=500: real processes killed, databases and replicas too'
	@echo 'make fuzz        UPDATES=1000000: whatever may arrive'
	@echo 'make mutants     faults put into the rules one by one: does a test notice each?'
	@echo 'make bench       the figures of docs/benchmarks.md, measured beside others'
	@echo 'make format      put the style right'
	@echo 'make texts       locales/kith.pot from the code'
	@echo 'make docs        the diagrams, the settings and the gate in docs/'
	@echo 'make screenshot  docs/playground.png (needs Chromium)'
	@echo 'make lock        the lock files from pyproject.toml; UPGRADE=--upgrade takes newer releases'
	@echo 'make clean       take away .venv; the next command makes it anew'

demo: $(READY)
	$(BIN)/kith demo --port $(PORT)

install: $(READY)

test: $(READY_DEV)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

# --- checks -------------------------------------------------------------------------------

check: static test

coverage: $(READY_DEV)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term

static: lint types imports texts-current docs-current

lint: $(READY_DEV)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

types: $(READY_DEV)
	$(BIN)/mypy

imports: $(READY_DEV)
	$(BIN)/lint-imports --no-logo

format: $(READY_DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# --- longer than CI has time for ----------------------------------------------------------

simulate: $(READY_DEV)
	$(BIN)/python -m tests.simulation --seeds $(SEEDS) --each-step

torture: $(READY_DEV)
	$(BIN)/python -m tests.torture --kills $(KILLS)

fuzz: $(READY_DEV)
	$(BIN)/python -m tests.fuzz --updates $(UPDATES)

mutants: $(READY_DEV)
	$(BIN)/python -m tests.mutation $(FILES)

bench: $(READY_BENCH)
	$(BIN)/python -m benchmarks

# --- made from the code -------------------------------------------------------------------

# Without a header, which holds the year: the template changes only when a text does.
EXTRACT := $(BIN)/pybabel --quiet extract --mapping-file locales/babel.cfg --no-default-keywords \
	--keyword Text:1c,2 --omit-header --no-location --sort-output --output-file /dev/stdout .

texts: $(READY)
	$(EXTRACT) > locales/kith.pot

texts-current: $(READY)
	@$(EXTRACT) | diff -u locales/kith.pot - || { echo 'Texts have changed: run `make texts`.'; exit 1; }

docs: $(READY)
	$(BIN)/python docs/settings.py
	$(BIN)/python docs/diagrams.py
	$(BIN)/python docs/gate.py

docs-current: $(READY)
	@before=$$(cat docs/*.md | cksum); $(MAKE) --no-print-directory docs >/dev/null && \
	after=$$(cat docs/*.md | cksum); [ "$$before" = "$$after" ] || \
	{ echo 'Pages in docs/ were out of date and have been made anew: look at them and commit.'; exit 1; }

screenshot: $(READY_DEV)
	$(BIN)/python docs/screenshot.py

# --- installing ---------------------------------------------------------------------------

# Wheels only, each with its hash; Kith itself is built by the locked hatchling, with no index
# at all. So nothing is ever run that the lock does not name.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Kith needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ...'; exit 1; }
	@echo 'Installing Kith into .venv (this happens once) ...'
	@[ -x $(BIN)/pip ] || $(PYTHON) -m venv .venv
	@$(PIP) --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) --no-index --no-deps --no-build-isolation -e .
	@touch $@

$(READY_DEV): requirements-dev.lock $(READY)
	@echo 'Installing what the tests need into .venv (this happens once) ...'
	@$(PIP) --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

$(READY_BENCH): requirements-bench.lock $(READY_DEV)
	@echo 'Installing what Kith is measured beside into .venv (this happens once) ...'
	@$(PIP) --require-hashes --only-binary :all: -r requirements-bench.lock
	@touch $@

# The development lock is solved first, being the narrower one; Kith's own follows it.
lock: $(READY_DEV)
	$(LOCK) --extra dev --output-file requirements-dev.lock
	$(LOCK) --constraints requirements-dev.lock --output-file requirements.lock
	$(LOCK) --constraints requirements-dev.lock --extra bench --output-file requirements-bench.lock
	@! grep -nE '://|^-|(^|[^a-z])(index-url|find-links)|^[^ #].*@' requirements*.lock \
		|| { echo 'A lock file names an address.'; exit 1; }

clean:
	rm -rf .venv
