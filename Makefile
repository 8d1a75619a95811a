# Everything a visitor of this folder can do. Python 3.11 or newer and make are all it needs.

# Arguments for pytest, such as: make test ARGS="tests/test_pages.py -k cast"; or for a benchmark
ARGS ?=
# A management command, such as: make manage COMMAND="check --deploy"
COMMAND ?= help

python = sh scripts/python.sh
in_venv = .venv/bin/
# A class's tests stay on one core, since they share the data that was set up for them. They come in
# the order of pytest-django, which ends with those that need no database: the quickest. By default
# the classes with the fewest tests came last, which are the longest.
pytest = $(in_venv)python -m pytest --numprocesses auto --dist loadscope --no-loadscope-reorder \
	--ignore=tests/faults
templates = $$(find templates catalog benchmarks -name '*.html')
sources = $$(find benchmarks catalog franchise tests -name '*.py') manage.py
# manage.py as on a server, with a key for this once and no database to touch.
in_production = SECRET_KEY=$$($(in_venv)python -c 'import secrets; print(secrets.token_urlsafe(50))') \
	SECRET_KEY_FILE= DEBUG=off SECURE=on ALLOWED_HOSTS=catalogue.example DATABASE_URL=sqlite://:memory: \
	$(in_venv)python manage.py

.DEFAULT_GOAL := help
.PHONY: help run editor manage test test-postgres test-faults fuzz growth bench check audit format lock test-packages

help: ## say what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1 - /'

run: ## set everything up and serve the catalogue at http://127.0.0.1:8000 (PORT=, HOST=, SERVER=granian)
	@$(python) scripts/local.py serve

editor: ## create someone who may edit the catalogue (ROLE=editor, contributor or administrator)
	@$(python) scripts/local.py editor

manage: ## run COMMAND="..." of manage.py with the settings of make run
	@$(python) scripts/local.py manage $(COMMAND)

test: test-packages ## run all tests on SQLite (ARGS="..." for pytest, REQUIRE_BROWSER=1 to insist on Chromium)
	@$(pytest) $(ARGS)

test-postgres: test-packages ## run all tests on PostgreSQL: DATABASE_URL's, else a throw-away one
	@$(in_venv)python scripts/with_postgres.py $(pytest) $(ARGS)

test-faults: test-packages ## break real sites under load: wrk, nginx, PostgreSQL (REQUIRE_FAULTS=1 to insist on them)
	@$(in_venv)python -m pytest tests/faults $(ARGS)

fuzz: test-packages ## send 100,000 requests that nobody should send (ARGS="--requests 20000 --seed 7")
	@$(pytest) --requests 100000 --seed $$(date +%s) tests/hostile/test_requests.py \
		tests/hostile/test_bytes.py $(ARGS)

growth: test-packages ## time the pages of small and large catalogues (ARGS="--full" and others)
	@$(in_venv)python benchmarks/growth.py $(ARGS)

bench: test-packages ## compare the catalogue with other ways to serve a page (ARGS="--rounds 3 --only floor,ours")
	@$(in_venv)python -m benchmarks.side_by_side $(ARGS)

check: test-packages ## look for faults in style, templates, settings and migrations
	$(in_venv)ruff check
	$(in_venv)ruff format --check
	$(in_venv)djade --check $(templates)
	$(in_venv)django-upgrade --check $(sources)
	$(in_production) check --deploy --fail-level WARNING
	$(in_production) makemigrations --check --dry-run

audit: ## look for known weaknesses in what is pinned and in the code (asks PyPI)
	@$(python) scripts/audit.py

format: test-packages ## mend what make check finds, where a tool can
	$(in_venv)django-upgrade --exit-zero-even-if-changed $(sources)
	$(in_venv)djade $(templates) || true # it fails when it changed something
	$(in_venv)ruff check --fix-only
	$(in_venv)ruff format

lock: ## pin anew what pyproject.toml asks for (needs uv)
	@sh scripts/lock.sh

test-packages:
	@$(python) scripts/packages.py requirements-test.txt
