# Everything one does here, by one word each. `make` alone lists them.
PYTHON := $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name) 2>/dev/null)))
BIN := .venv/bin
WORKERS ?= 2
.DEFAULT_GOAL := help
.PHONY: help python setup setup-dev setup-test demo test coverage check lint types floors templates \
	migrations check-translations bench messages docs clean

help: ## List these commands
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run
setup: python ## Install all that running needs into this folder; quick when done already
	@$(PYTHON) scripts/setup.py

demo: setup ## Start portal, worker and sandbox, filled, on this machine (Ctrl-C stops all)
	@exec $(BIN)/scoredesk demo

##@ Prove
test: setup-test ## Run every test (WORKERS=2 at a time; ARGS="-k name" chooses)
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

coverage: setup-dev ## Every branch of plan.py and of the OAuth callback is walked by its tests
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile tests/tickets/test_plan*.py --cov-branch \
		--cov=scoredesk.tickets.plan --cov-report=term --cov-fail-under=100
	@$(BIN)/pytest -q -n $(WORKERS) tests/connections/test_authorization.py \
		tests/connections/test_pages.py tests/connections/test_checklist.py \
		tests/connections/test_changes.py tests/security/test_trips.py \
		--cov-branch --cov-report=term --cov-fail-under=100 \
		--cov=scoredesk.connections.authorization --cov=scoredesk.connections.views.authorize

check: lint types floors templates migrations check-translations ## All checks below

lint: setup-dev ## Style of the code (ruff)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup-dev ## Types (mypy)
	@$(BIN)/mypy

floors: setup-dev ## Imports go down the floors only (import-linter)
	@$(BIN)/lint-imports

templates: setup-dev ## Style of the pages' templates (djlint)
	@$(BIN)/djlint src --lint --quiet --extend-exclude src/scoredesk/sandbox
	@$(BIN)/djlint src/scoredesk/sandbox --lint --quiet --profile jinja \
		--ignore D018,H006,H021,H023,H030,H031,J018

migrations: setup-dev ## Every change of a row has its migration
	@DJANGO_SETTINGS_MODULE=scoredesk.settings $(BIN)/python -W ignore -m django makemigrations --check --dry-run

check-translations: setup-dev ## Every text is translated
	@$(BIN)/python scripts/check_translations.py

bench: setup-dev ## Benchmarks, one line of JSON for each figure
	@for file in bench/bench_*.py; do PYTHONPATH=. $(BIN)/python $$file || exit 1; done

##@ Write
messages: setup-dev ## Bring new texts into the translation catalogues (needs GNU gettext)
	@$(BIN)/python scripts/check_translations.py --write

docs: setup-dev ## Write the pages of docs/ that follow from the code (settings, addresses, faults)
	@$(BIN)/python -m scripts.write_docs

clean: ## Remove what was installed and built here; keeps ./var with its database and keys
	@rm -rf .venv node_modules src/scoredesk/portal/static/vendor src/*.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name '*.mo' -delete

setup-dev: python
	@$(PYTHON) scripts/setup.py --dev

setup-test: python
	@$(PYTHON) scripts/setup.py --dev --browser

python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Scoredesk needs Python 3.11 or later, and this machine has none." >&2; \
		echo "Install it (on Debian and Ubuntu: apt-get install python3 python3-venv); run again." >&2; \
		exit 1; \
	fi
