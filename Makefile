# `make chat` opens the assistant, `make test` checks everything; both set up what they need.
# Another Python: make chat PYTHON=python3.12

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: chat test test-tensorflow lint models install clean help

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

chat: install ## Install, fetch the embedded models and open the chat
	@$(BIN)/assistant models pull
	@$(BIN)/assistant

models: install ## Install and fetch the embedded models
	@$(BIN)/assistant models pull

test: $(VENV)/.installed-dev ## Install, then lint, type-check and test
	$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n 2 --dist loadfile

test-tensorflow: $(VENV)/.installed-dev ## Install TensorFlow too (1.6 GB) and test SavedModels
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[tensorflow]'
	$(BIN)/pytest tests/tensorflow/saved_models.py

lint: $(VENV)/.installed-dev ## ruff, mypy --strict, import-linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

install: $(VENV)/.installed ## Install into .venv

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing." >&2; \
		echo "Name another one: make chat PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
		echo "The virtual environment could not be made." >&2; \
		echo "On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing the assistant and its libraries into $(VENV) (once; a few minutes) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "Installing the assistant, its libraries and the test tools into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

clean: ## Remove the virtual environment and caches of the tools
	rm -rf $(VENV) build ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
