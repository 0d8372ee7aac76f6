# The commands of the project; `make help` lists them. What they do stands in local/.

PORT ?= 8000
N ?= 2000
BUYERS ?= 500
KEYS ?= 100
AWAY ?= 60
EXAMPLES ?= 25
DATA_DIR ?= .local
PY := .venv/bin/python
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
# The first Python that really runs and fits: python3 itself when it may, else a neighbor of it.
PYTHON ?= $(shell for python in python3 python3.12 python3.11 python3.13; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && { echo $$python; break; }; done)

.DEFAULT_GOAL := help
.PHONY: help run test check setup bench chaos rush canaries outage marks backup restore reset lint suite needs-python needs-local needs-dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: needs-local ## Start the shop (PORT=8000 DATA_DIR=.local); Ctrl-C stops all of it
	@exec $(PY) -m local.run --port "$(PORT)" --data "$(DATA_DIR)"

test: lint suite ## Run every check and the whole test suite, browser journeys included

check: lint ## Run the fast checks only: lint, format, types, layers, templates, settings, migrations

setup: needs-local needs-dev ## Install what the other commands need, a Chromium for the journeys included
	@$(PY) -m local.chromium

bench: needs-dev ## Measure speed: one JSON line a figure (ONLY=retention: one part)
	@exec $(PY) -m local.servers $(PY) -m tests.benchmarks $(ONLY)

chaos: needs-dev ## Kill four checkouts in five, then compare the books (N=2000): one JSON line
	@exec $(PY) -m local.servers $(PY) -m tests.chaos "$(N)"

rush: needs-dev ## Let many buyers in at once for the last keys (BUYERS=500 KEYS=100): one JSON line
	@exec $(PY) -m local.servers $(PY) -m tests.rush "$(BUYERS)" "$(KEYS)"

canaries: needs-dev ## Take each guard of the money away in turn: the tests that notice, by guard
	@exec $(PY) -m tests.canaries

outage: needs-dev ## Take PostgreSQL away under a whole shop (AWAY=60 seconds), then see that all is done
	@AWAY_FOR="$(AWAY)" exec $(PY) -m pytest -n 0 -q tests/faults/test_servers.py -k "away"

marks: needs-dev ## Erase random customers, then search a dump and all files for every mark (EXAMPLES=25)
	@ERASURE_EXAMPLES="$(EXAMPLES)" exec $(PY) -m pytest -n 0 -q tests/privacy/erasure/test_no_mark_is_left.py

backup: needs-local ## Write the demo shop's database and files to one file (DATA_DIR=.local); it may run meanwhile
	@exec $(PY) -m local.backups --data "$(DATA_DIR)" backup

restore: needs-local ## Put a backup back (FILE=... DATA_DIR=.local), without whoever was erased since; stop the shop before
	@test -n "$(FILE)" || { echo "Name the backup: make restore FILE=.local/backups/..." >&2; exit 1; }
	@exec $(PY) -m local.backups --data "$(DATA_DIR)" restore "$(FILE)"

reset: needs-local ## Delete the demo shop's data (DATA_DIR=.local); the next run makes it anew
	@exec $(PY) -m local.reset --data "$(DATA_DIR)"

lint: needs-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m local.environments $(PY) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/bandit --configfile pyproject.toml --recursive --quiet .
	$(PY) -m local.servers $(PY) -m local.environments $(PY) manage.py check --deploy --fail-level WARNING --database default
	$(PY) -m local.servers $(PY) -m local.environments $(PY) manage.py makemigrations --check --dry-run

suite: needs-dev
	CHROMIUM="$$($(PY) -m local.chromium)" && export CHROMIUM && exec $(PY) -m pytest -n 2

needs-python:
	@test -n "$(PYTHON)" || { echo "No fitting Python was found: install Python 3.11, 3.12 or 3.13." >&2; exit 1; }

needs-local: needs-python
	@$(PYTHON) -m local.python requirements-local.txt

needs-dev: needs-python
	@$(PYTHON) -m local.python requirements-dev.txt
