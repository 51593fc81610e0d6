# One command each: `make run` needs Python 3.11 or newer and nothing else; `make check` needs what .ci/run installs.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DEV = $(PYTHON) elearn/bootstrap.py requirements-dev.txt

# Tests that need a browser, PDF tools or processes of their own have their own runs under `make check`. Tests that
# empty the database come last in each process; distribution by file would undo that.
ALONE = $(BIN)/python -m pytest
PYTEST = $(ALONE) -n 2 --dist load
APART = not browser and not worker and not plugins_off
TOGETHER = $(APART) and not pdf_tools

# Servers of `make check`; each can be set in the environment.
ELEARN_TEST_DATABASE_URL ?= postgres://elearn:elearn@127.0.0.1:5432/elearn
ELEARN_TEST_CACHE_URL ?= redis://127.0.0.1:6379/8
ELEARN_TEST_BROKER_URL ?= redis://127.0.0.1:6379/9
ON_SERVERS = DATABASE_URL=$(ELEARN_TEST_DATABASE_URL) CACHE_URL=$(ELEARN_TEST_CACHE_URL) \
	CELERY_BROKER_URL=$(ELEARN_TEST_BROKER_URL)

.PHONY: help run test check lint types deploy-check test-plugins-off test-servers test-browser test-pages test-scenes chaos kill-test bench messages fmt lock venv-dev

help:
	@echo "make run        serve the site with its demo on http://localhost:8000/ (PORT, ELEARN_DATA_DIR … are honoured)"
	@echo "make test       the test suite on SQLite; nothing but Python needed"
	@echo "make check      everything: linters, types, SQLite, PostgreSQL and Redis, browser, PDF tools"
	@echo "make chaos      ten thousand quizzes over a connection that loses, doubles and reorders; prints the counts"
	@echo "make kill-test  two thousand certificates through killed workers, a restarted broker, a failing storage; prints the counts"
	@echo "make bench      measure pages and records, and write the figures"
	@echo "make messages   bring the translation catalogues up to the code"
	@echo "make fmt        format the code"
	@echo "make lock       pin the packages anew from the .in lists"

run:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' isn't found."; exit 1; }
	@exec $(PYTHON) elearn/bootstrap.py requirements.txt -- -m elearn.run

venv-dev:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' isn't found."; exit 1; }
	@$(DEV)
	@$(BIN)/python -m elearn.messages compile

test: venv-dev
	$(PYTEST) -m "$(TOGETHER) and not postgres" tests

check: venv-dev lint types deploy-check
	$(PYTEST) -m "$(APART) and not postgres" tests
	$(ALONE) -m worker tests
	$(MAKE) test-plugins-off
	$(MAKE) test-servers
	$(MAKE) test-browser

lint: venv-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates courses home elearn
	$(BIN)/bandit -q -c pyproject.toml -r courses elearn home
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m elearn.messages check

types: venv-dev
	$(BIN)/mypy courses elearn home

# The production profile with made-up values: nothing is contacted.
deploy-check: venv-dev
	DJANGO_SETTINGS_MODULE=elearn.settings.production \
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(60))") \
	ELEARN_KEY_PASSPHRASE=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(40))") \
	ALLOWED_HOSTS=learn.example.org DATABASE_URL=postgres://u:p@db.example.org/elearn \
	CACHE_URL=redis://cache.example.org/1 CELERY_BROKER_URL=redis://cache.example.org/0 \
	EMAIL_URL=smtp+tls://u:p@mail.example.org:587 DEFAULT_FROM_EMAIL=learn@example.org \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

# The core's tests with each plugin off in turn, and with all of them off.
test-plugins-off: venv-dev
	$(PYTEST) -m plugins_off tests

# PostgreSQL, a Redis cache, and workers brokered by Redis. What asks no database ran once, and so did `make run`.
test-servers: venv-dev
	$(ON_SERVERS) $(PYTEST) --of-servers -m "$(TOGETHER)" tests
	$(ON_SERVERS) $(ALONE) -m worker tests/courses

# Two processes, each with a site of its own: the long look at every page, and everything else. A test that fails is
# tried once more: browsers, servers and workers share two cores, and time is part of what they test. The summary names
# each that needed it.
BROWSER = $(ALONE) --reruns 1 -rR tests/browser
test-browser: venv-dev
	$(MAKE) -j2 --output-sync=target test-pages test-scenes

test-pages: venv-dev
	$(BROWSER) -m survey

test-scenes: venv-dev
	$(BROWSER) -m "browser and not survey"

chaos: venv-dev
	$(BIN)/python -m tests.courses.quizzes.chaos.run

kill-test: venv-dev
	$(BIN)/python -m tests.courses.certificates.kills

bench: venv-dev
	$(BIN)/python -m tests.benchmarks.run

messages: venv-dev
	$(BIN)/python -m elearn.messages update

fmt: venv-dev
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

# For the oldest Python that is promised (Debian's is 3.11.2), so that no pin asks for a newer one. The runtime pins
# are constraints of the development ones, so that tests run what is served.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11.0 --no-header --no-emit-index-url \
	--no-emit-find-links --upgrade
lock: venv-dev
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
