# The two that matter: `make run` and `make test`. Everything they need they get by themselves.
.DEFAULT_GOAL := help
SETUP := sh tools/with-python tools/setup.py
UV_RUN = $(SETUP) exec

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: ## prepare everything and start Ringdown (ARGS="--port 9000" passes options on)
	@$(SETUP) run $(ARGS)

.PHONY: partner-listener
partner-listener: ## start the example page of a partner that listens to calls
	@$(SETUP) listener $(ARGS)

.PHONY: setup
setup: ## prepare everything, start nothing
	@$(SETUP) prepare

.PHONY: test
test: ## every check and every test, browser and real servers included
	@$(SETUP) everything
	@$(UV_RUN) python tools/run_tests.py

.PHONY: check
check: ## format, lint, import rules, types, console check, unit tests: under a minute
	@$(SETUP) develop
	@$(UV_RUN) python tools/run_tests.py --quick

.PHONY: fix
fix: ## format and repair what can be repaired by itself
	@$(SETUP) develop
	@$(UV_RUN) ruff check --fix .
	@$(UV_RUN) ruff format .

.PHONY: unit
unit: ## unit tests and architecture tests only
	@$(SETUP) develop
	@$(UV_RUN) pytest -q -n 2 --dist loadfile tests/unit tests/architecture

.PHONY: types
types: ## types only: pyright strict
	@$(SETUP) develop
	@$(UV_RUN) pyright

.PHONY: web
web: ## build the console
	@$(SETUP) web

.PHONY: docs
docs: ## write the generated reference pages anew
	@$(SETUP) develop
	@$(UV_RUN) python tools/make_docs.py

.PHONY: bench
bench: ## measure, and write docs/reference/measured.md
	@$(SETUP) develop
	@$(UV_RUN) python -m bench

.PHONY: bench-speech
bench-speech: ## measure speech, and write docs/reference/speech-measured.md (DATASET=folder)
	@$(SETUP) develop
	@DATASET="$(DATASET)" $(UV_RUN) python -m bench speech

.PHONY: report-card
report-card: ## measure drafts on our scripted calls, and write docs/report-card.md
	@$(SETUP) prepare
	@$(UV_RUN) ringdown eval tests/data/scripted_calls.jsonl tests/data/scripted_calls_heard.jsonl \
	  --card docs/report-card.md

.PHONY: demo
demo: ## the demo call from end to end in a throw-away instance
	@$(SETUP) prepare
	@$(UV_RUN) ringdown demo --headless

.PHONY: doctor
doctor: ## say what is on this machine and what to do about it
	@$(SETUP) prepare
	@$(UV_RUN) ringdown doctor --data ./data

.PHONY: wheel
wheel: ## a wheel with the built console and the demo, in dist/
	@$(SETUP) prepare
	@$(SETUP) uv build --wheel

.PHONY: clean
clean: ## remove what was built; your data stay
	rm -rf .venv dist web/node_modules examples/node_modules src/ringdown/*/static .cache
	rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
