# `make demo` and `make test` set up all that they need: Python 3.11 and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-pages coverage test-slow check format bench bench-quick pictures lock clean

demo: $(VENV)/.installed
	$(BIN)/claims demo

test: check
	$(BIN)/pytest -n auto --dist loadfile -m "not slow and not browser"

# What pages look like and do, in a real browser: needs Chromium, and is skipped without.
test-pages: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist loadfile -m "browser and not slow"

# The same with branch coverage, which takes a third longer.
coverage: $(VENV)/.installed-dev
	$(BIN)/coverage erase
	$(BIN)/pytest -n auto --dist loadfile -m "not slow" --cov --cov-report=term

# The long tests, and the properties on many more examples.
test-slow: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist loadfile -m "slow or hypothesis" --hypothesis-profile=thorough

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The figures go into docs/. For other sizes: .venv/bin/python -m benchmarks --help
bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks --publish docs $(BENCH)

bench-quick: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks --quick $(BENCH)

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

$(VENV)/.installed-bench: $(VENV)/.installed requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	touch $@

# The pictures of the README; needs Chromium.
pictures: $(VENV)/.installed-dev
	$(BIN)/python docs/making/pictures.py

# Needs uv. The locks hold hashes, and no address of any index.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --group pyproject.toml:build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --group pyproject.toml:dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --group pyproject.toml:bench -c requirements.lock -c requirements-dev.lock \
	    -o requirements-bench.lock

clean:
	rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
