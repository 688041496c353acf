# make chat: a conversation in the terminal.  make test: everything that must hold.  make help: the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

chat: $(VENV)/ready ## Talk with the bot in the terminal: no token, no account
	@$(BIN)/python -m bot chat

run: $(VENV)/ready ## Run the bot on Telegram, with the token in .env
	@$(BIN)/python -m bot run

check: $(VENV)/ready ## Look for faults in the content pack
	@$(BIN)/python -m bot check

lint: $(VENV)/ready-dev ## Formatting, lint, types and import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint ## Everything that must hold: lint, the shipped pack, all tests
	$(BIN)/python -m bot check
	$(BIN)/pytest

bench: $(VENV)/ready-dev ## Measure what README.md claims, on labelled messages: make bench EVAL=messages.jsonl
	$(BIN)/python -m benchmarks.understanding --eval $(EVAL)

lock: $(VENV)/ready-dev ## Pin the newest allowed dependencies (needs the network and uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--upgrade pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
		-c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

clean: ## Remove what was installed and built here
	rm -rf $(VENV) dist build .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

$(VENV)/python-ok:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tremplin needs Python 3.11 or later; $(PYTHON) is older. Try: make PYTHON=python3.12 chat"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready: requirements.lock | $(VENV)/python-ok
	@echo "Installing what the bot needs (once, about a minute) …"
	@$(BIN)/pip install --progress-bar on --require-hashes --quiet -r requirements.lock
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock | $(VENV)/python-ok
	@echo "Installing what development needs (once, about a minute) …"
	@$(BIN)/pip install --require-hashes --quiet -r requirements-dev.lock
	@touch $@ $(VENV)/ready

.PHONY: help chat run check lint test bench lock clean
