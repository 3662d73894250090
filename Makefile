# The commands for Pullquote, from a clone: `make help` lists them. Each target first brings .venv up to date.

# Tools run as modules of .venv's Python, because their scripts break when the folder moves.
PYTHON_RUN := .venv/bin/python -m

# Passed through the environment, so that the shell does not interpret quotes in them.
export ASK DATA PEERS PYTHON TORCH_INDEX

# Compiled modules are kept, also where PYTHONDONTWRITEBYTECODE is set: the tests start hundreds of processes.
PYTEST := PYTHONDONTWRITEBYTECODE= $(PYTHON_RUN) pytest

# LIGHT=0 or no: the full installation. Any other text: the light one. Not set: what is installed stays.
RUN_LEVEL := $(if $(LIGHT),$(if $(filter 0 no,$(LIGHT)),preview,light),kept)-level

.DEFAULT_GOAL := help
.PHONY: help run update test soak check static evaluate bench fit-reader translations lock clean kept-level light-level preview-level dev-level

help:
	@echo 'make run                  start the bot: on Discord with DISCORD_TOKEN set, else as a page on this machine'
	@echo 'make run ASK="question"   answer one question in the terminal'
	@echo 'make update               get the newest version and install what it needs; then restart the bot'
	@echo 'make test                 run the tests, the long ones in a short form'
	@echo 'make soak                 run the long ones whole, then kill, attack, fuzz and outlast the bot: some four hours'
	@echo 'make check                run everything a change must pass: format, lint, types, layers, tests'
	@echo 'make evaluate DATA=DIRS   measure pages, forms; answers and quotations on folders of evaluation data (commas between)'
	@echo 'make bench                measure start-up, memory, time of an answer, size; PEERS=DIR: and others beside it'
	@echo 'make fit-reader GENERAL=DIR DATA=DIRS ALONE=DIRS: fit the reader anew, in three hours'
	@echo 'make translations         put new sentences into the catalogues of other languages, and compile these'
	@echo 'make lock                 write the lock files, after a pin in pyproject.toml was moved'
	@echo 'make clean                remove .venv and the caches of tools; the archive in var/ stays'
	@echo
	@echo 'LIGHT=1                   with run: install neither torch nor spaCy; a third of the size. Stays so until LIGHT=0'
	@echo 'PYTHON=/path/to/python3   use this Python for .venv'
	@echo 'TORCH_INDEX=URL           take torch from this package index'

kept-level light-level preview-level dev-level:
	@requirements/install.sh $(@:-level=)

# An exec'd program receives Ctrl-C and SIGTERM itself. A token counts in the environment and in .env, as settings.py
# reads them.
run: $(RUN_LEVEL)
	@if [ -n "$$ASK" ]; then \
	    $(PYTHON_RUN) retrieval ask "$$ASK" || [ $$? = 1 ]; \
	elif [ -n "$$DISCORD_TOKEN" ] || grep -Eiqs "^ *(export +)?DISCORD_TOKEN *= *[\"']?[^[:space:]#\"']" .env; then \
	    echo 'Starting on Discord. Ctrl-C stops.'; \
	    exec $(PYTHON_RUN) bot; \
	else \
	    echo 'DISCORD_TOKEN is not set: starting the preview, a page on this machine. Ctrl-C stops.'; \
	    exec $(PYTHON_RUN) bot --preview; \
	fi

# Runs the installer of the new version. Starts no bot: the restart upgrades the archive.
update:
	git pull --ff-only
	@requirements/install.sh kept
	@echo 'Up to date: restart the bot.'

test: dev-level
	@$(PYTEST)

# What runs short in the tests and what this adds: tests/README.md. With SHORT=1 the drivers alone, for some minutes.
soak: dev-level
	$(if $(SHORT),,PULLQUOTE_LONG=1 $(PYTEST))
	$(PYTHON_RUN) tests.crash $(if $(SHORT),--kills 40)
	$(if $(SHORT),,$(PYTHON_RUN) tests.resilience texts)
	$(if $(SHORT),,$(PYTHON_RUN) tests.resilience slow)
	$(if $(SHORT),,$(PYTHON_RUN) tests.resilience small)
	@if .venv/bin/python -c 'import atheris' 2>/dev/null; then $(PYTHON_RUN) tests.fuzz all $(if $(SHORT),--minutes 2,--minutes 60); \
	else echo 'Nothing is fuzzed: .venv/bin/python -m pip install atheris==3.0.0 (there is one for Linux alone)'; fi
	$(PYTHON_RUN) tests.benchmarks.soak $(if $(SHORT),--minutes 2)

# Checks that do not run the code. import-linter has no module to run, so its command is called.
static: dev-level
	$(PYTHON_RUN) ruff format --check
	$(PYTHON_RUN) ruff check
	$(PYTHON_RUN) mypy
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

# One after the other even under -j, so that pytest's result is printed last.
check: static
	@$(MAKE) --no-print-directory test

# Prints tables: first how pages, feeds and forms of attribution are read, which needs no data; then the rest. Keeps
# nothing of the data. Embedding a thousand articles takes some ten minutes; the module's own --archive keeps the result
# for a second run. PAGE_PEERS names a Python that has newspaper4k and readability-lxml, to compare them on pages too.
evaluate: dev-level
	@$(PYTHON_RUN) tests.quality.pages
	@$(PYTHON_RUN) tests.quality.page_peers --python "$${PAGE_PEERS:-.venv/bin/python}"
	@$(PYTHON_RUN) tests.quality.feeds
	@$(PYTHON_RUN) tests.quality.quotation_forms
	@test -n "$$DATA" || { echo 'make evaluate DATA=DIR,DIR...: say where the evaluation data is' >&2; exit 2; }
	@$(PYTHON_RUN) tests.quality.evaluate --data "$$DATA"

# PEERS installs other tools into that folder (2 GB, once) and measures them too. How the figures grow with the archive
# takes half an hour: .venv/bin/python -m tests.benchmarks.growth
bench: dev-level
	@$(PYTHON_RUN) tests.benchmarks.start
	@if [ -n "$$PEERS" ]; then echo; $(PYTHON_RUN) tests.benchmarks.peers --venv "$$PEERS"; fi

# Some three hours on one core. The checksum that it prints goes into retrieval/adapters/embedding/reader.py.
fit-reader: dev-level
	@$(PYTHON_RUN) tests.fitting.fit_reader --general "$$GENERAL" --data "$$DATA" --alone "$$ALONE" \
	    --out retrieval/adapters/embedding/reader.safetensors

translations: dev-level
	@$(PYTHON_RUN) tests.translations

lock: dev-level
	@$(PYTHON_RUN) tests.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build
	find bot config retrieval tests -name __pycache__ -type d -prune -exec rm -rf {} +
