# Two commands: `make demo` shows the platform, `make test` proves it. `make help` names the others.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask
TOOLS := $(VENV)/tools
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
ADDRESS ?= 127.0.0.1:5000
WORKERS ?= 2
TESTS ?= tests
AS_ROOT := [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
INSTALL := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable

.DEFAULT_GOAL := help
.PHONY: help demo serve test check sbom compile translations assets lock browser licences clean

help: ## name the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: compile ## simulated waves, a ranking in the terminal, then the site (SERVE=no stops before that)
	@$(FLASK) demo
ifneq ($(SERVE),no)
	@$(MAKE) --no-print-directory serve
endif

serve: compile ## the site on 127.0.0.1:5000, with what the database holds
	@echo "Serving on http://$(ADDRESS)/ - press Ctrl and C to stop."
	@$(BIN)/gunicorn --bind $(ADDRESS) --workers $(WORKERS) wsgi:app

test: check compile browser ## everything: style, types, units, pages, both databases, a real browser
	@$(BIN)/python -m pytest -n 2 $(TESTS)

check: $(VENV)/requirements-dev.installed $(VENV)/requirements-tools.installed ## style, types, and what bandit and our own rules for semgrep find
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --configfile pyproject.toml --severity-level medium --recursive app config.py wsgi.py
	@SEMGREP_SETTINGS_FILE=$(TOOLS)/settings.yml $(TOOLS)/bin/semgrep scan --quiet --error --metrics=off --disable-version-check --config checks/semgrep.yaml app config.py wsgi.py

sbom: $(VENV)/requirements-dev.installed ## rewrite sbom.json, the bill of materials (CycloneDX), from what is locked
	@$(BIN)/python -m tests.support.bill > sbom.new && mv sbom.new sbom.json

compile: $(VENV)/requirements.installed ## translations into the form that pages read, modules into the form that starts fast
	@$(FLASK) translations compile
	@$(BIN)/python -m compileall -q app config.py wsgi.py

translations: $(VENV)/requirements-dev.installed ## collect new texts for translators, then compile
	@$(FLASK) translations extract
	@$(FLASK) translations compile

assets: ## style sheets, scripts and fonts anew (developers only: needs npm)
	cd assets && npm ci --no-audit --no-fund && npm run build

licences: $(VENV)/requirements-dev.installed ## rewrite THIRD-PARTY.md from what is installed
	@$(BIN)/python -m tests.support.licences > THIRD-PARTY.new && mv THIRD-PARTY.new THIRD-PARTY.md

lock: ## pin what pyproject.toml names (developers only: needs uv)
	uv pip compile pyproject.toml $(LOCKED) --output-file requirements.txt
	uv pip compile pyproject.toml $(LOCKED) --extra scan --extra notify --group dev -c requirements.txt --output-file requirements-dev.txt
	uv pip compile --group pyproject.toml:tools $(LOCKED) --output-file requirements-tools.txt

# A browser of the system is used where there is one. Where there is none, and no right to install one, the tests that
# need it say so at the end; with CI set they fail.
browser:
	@for name in $(BROWSERS); do command -v $$name >/dev/null && exit 0; done; \
	if $(AS_ROOT); then \
	  echo "Installing chromium for the browser tests."; \
	  { $(INSTALL) chromium; } >/dev/null || echo "chromium could not be installed."; \
	fi

clean: ## remove what can be made again; the demo's database goes too
	rm -rf $(VENV) instance .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed. Name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(AS_ROOT) && $(INSTALL) python3-venv && $(PYTHON) -m venv $(VENV); } \
	  || { rm -rf $(VENV); echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

# Packages that do not go together with ours live apart.
$(VENV)/requirements-tools.installed: requirements-tools.txt | $(BIN)/python
	@echo "Installing what $< names, apart."
	@$(BIN)/python -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip --quiet --quiet --disable-pip-version-check install --require-hashes --requirement $<
	@touch $@

# A stamp for each lock file: packages are installed again only when it changes.
$(VENV)/%.installed: %.txt | $(BIN)/python
	@echo "Installing what $< names."
	@$(PIP) install --require-hashes --requirement $<
	@touch $@

-include bench/*.mk
