# Every target first sets up what it needs in .venv; the next call finds it there and starts at once.
# Another interpreter gets an environment of its own: make test PYTHON=python3.13

PYTHON ?= python3
UV ?= uv
ARGS ?=
ifeq ($(origin PYTHON),file)
VENV := .venv
else
VENV := .venv-$(notdir $(PYTHON))
endif
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet
# On all cores, where pip would take one; left to the first import it would eat into parse times.
COMPILE := $(PY) -m compileall -q -j 0 -x '/tests?/' $(VENV)/lib
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"

# Tests start hundreds of processes: each would compile our own modules anew without their cache.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo run up test browser-test screenshots kills eval fuzz soak hostile-soak docker-test audit lint lock clean
.DELETE_ON_ERROR:

help: ## show this list
	@echo "usage: make TARGET [ARGS='options for the program'] [PYTHON=python3.11 ... python3.14]"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 16

demo: $(VENV)/run.stamp ## crawl the bundled sample outlets on this machine; needs no internet
	@$(PY) -m crawler demo $(ARGS)

run: $(VENV)/run.stamp ## one pass over the built-in catalogue (tumen crawl)
	@$(PY) -m crawler crawl $(ARGS)

up: secrets/redis_password ## start a worker and its Redis with Docker Compose, from this checkout
	@VERSION=$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) \
		REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) docker compose up -d --build --wait $(ARGS)

# Readable for the users of both containers; nobody else gets into the folder.
secrets/redis_password:
	@mkdir -p -m 700 secrets
	@head -c 24 /dev/urandom | base64 > $@
	@chmod 444 $@

test: $(VENV)/dev.stamp ## all tests (ARGS='tests/unit' for some)
	@$(PY) -m pytest -q -n 3 --dist loadfile $(ARGS)

browser-test: $(VENV)/browser.stamp ## open every page in Chromium (apt-get install chromium); `make test` runs it too then
	@$(PY) -m pytest -q -rs tests/browser $(ARGS)

screenshots: $(VENV)/browser.stamp ## pictures of the page for docs/images (needs Chromium)
	@$(PY) -m bench.screenshots $(ARGS)

kills: $(VENV)/dev.stamp ## kill crawls at 200 points and compare the store (about a quarter of an hour)
	@$(PY) -m tests.integration.kill_trials $(ARGS)

soak: $(VENV)/dev.stamp ## two hours of a watch in a quarter of an hour, with a fault every minute
	@$(PY) -m tests.soak.run $(ARGS)

hostile-soak: $(VENV)/dev.stamp ## watch hostile outlets for half an hour and look at memory, files, processes
	@$(PY) -m tests.hostile.soak $(ARGS)

docker-test: $(VENV)/dev.stamp ## image and Compose file on a real engine; skipped where there is none
	@$(PY) -m tests.docker.trial $(ARGS)

fuzz: $(VENV)/dev.stamp ## any bytes to every reader, a minute each (ARGS='600 feed page' for longer)
	@$(PY) -m tests.hostile.fuzz $(ARGS)

audit: $(VENV)/dev.stamp $(VENV)-audit/run.stamp ## known vulnerabilities of the locked dependencies
	@$(PY) -m bench.audit $(VENV)-audit/bin/pip-audit

eval: $(VENV)/dev.stamp ## the figures of docs/quality.md (needs the measuring sets in ../shared)
	@$(PY) -m bench.relevance
	@$(PY) -m bench.extraction $(ARGS)

lint: $(VENV)/dev.stamp ## style, format, types, the layer rule, Dockerfile and Compose files
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo
	@$(VENV)/bin/hadolint Dockerfile
	@$(VENV)/bin/check-jsonschema -q --builtin-schema vendor.compose-spec docker-compose*.yml tests/docker/*.yml

lock: ## renew requirements*.txt from pyproject.toml (ARGS=--upgrade for newer versions); needs uv
	@$(UV) --version >/dev/null 2>&1 || { echo "make lock needs uv: pip install uv" >&2; exit 2; }
	@$(LOCK) $(ARGS) --group installer -o requirements-pip.txt
	@$(LOCK) $(ARGS) --group build -o requirements.txt pyproject.toml
	@$(LOCK) $(ARGS) -c requirements.txt --group build --extra alerts -o requirements-image.txt pyproject.toml
	@$(LOCK) $(ARGS) -c requirements.txt --group dev -o requirements-dev.txt
	@$(LOCK) $(ARGS) --group audit -o requirements-audit.txt
	@$(LOCK) $(ARGS) -c requirements-dev.txt --group browser -o requirements-browser.txt

clean: ## remove the environments and whatever the tools left; articles stay
	@rm -rf .venv .venv-* build dist *.egg-info .coverage
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find crawler spiders tests bench -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/run.stamp: requirements-pip.txt requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || { \
		echo "Tumen needs Python 3.11 to 3.14; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not there')." >&2; \
		echo "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@echo "Setting up $(VENV) (about a minute, once) ..." >&2
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear "$(VENV)"
	@echo '*' > $(VENV)/.gitignore
	@$(PIP) install --no-compile --require-hashes -r requirements-pip.txt
	@$(PIP) install --no-compile --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(COMPILE)
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo "Adding what tests and lint need ..." >&2
	@$(PIP) install --no-compile --require-hashes -r requirements-dev.txt
	@$(COMPILE)
	@touch $@

$(VENV)-audit/run.stamp: requirements-audit.txt
	@$(PYTHON) -m venv --clear $(VENV)-audit
	@echo '*' > $(VENV)-audit/.gitignore
	@$(VENV)-audit/bin/python -m pip --disable-pip-version-check --quiet --quiet install --require-hashes -r $<
	@touch $@

$(VENV)/browser.stamp: $(VENV)/dev.stamp requirements-browser.txt
	@echo "Adding what drives a browser ..." >&2
	@$(PIP) install --no-compile --require-hashes -r requirements-browser.txt
	@touch $@
