# Patchmap: `make run` serves the demonstration, `make test` runs every test. Both do all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MARKS := .make
PORT ?= 8000
WORKSPACE ?= workspace

.PHONY: run test bench pack lock clean

run: $(MARKS)/run $(MARKS)/vendor
	$(BIN)/patchmap demo --if-empty --workspace $(WORKSPACE)
	$(BIN)/patchmap serve --port $(PORT) --workspace $(WORKSPACE)

test: $(MARKS)/dev $(MARKS)/vendor $(MARKS)/axe
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadfile

# Writes docs/performance.md; what it needs beyond the project: python -m tests.benchmarks.setup
bench: $(MARKS)/dev $(MARKS)/vendor
	$(BIN)/python -m tests.benchmarks

# Rebuilds what is shipped from the public files, byte for byte: make pack DATA=/path/to/data
pack: $(MARKS)/dev
	$(BIN)/python -m boundaries.shipped $(DATA) boundaries/data
	$(BIN)/python -m layers.pack $(DATA) layers/data

# Pins what pyproject.toml asks for, without naming a host; needs uv.
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links
lock:
	$(LOCK) pyproject.toml --group run -o requirements.txt
	$(LOCK) pyproject.toml --group dev -o requirements-dev.txt
	$(LOCK) --group npm -o requirements-npm.txt
	npm install --package-lock-only --ignore-scripts

clean:
	rm -rf $(VENV) $(MARKS) node_modules static/vendor

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Patchmap needs Python 3.11 or newer; name one with make PYTHON=python3.12.'; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(MARKS):
	mkdir -p $@

$(MARKS)/run: requirements.txt pyproject.toml | $(BIN)/python $(MARKS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(MARKS)/dev: requirements-dev.txt pyproject.toml | $(BIN)/python $(MARKS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# npm from this machine, else from a Python package.
$(MARKS)/npm: requirements-npm.txt | $(BIN)/python $(MARKS)
	@if command -v npm >/dev/null 2>&1; then command -v npm > $@; else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-npm.txt && \
	  echo "$(CURDIR)/$(BIN)/npm" > $@; fi

$(MARKS)/vendor: package-lock.json $(MARKS)/npm
	PATH="$(CURDIR)/$(BIN):$$PATH" "$$(cat $(MARKS)/npm)" ci --omit=dev --ignore-scripts --no-fund --no-audit
	rm -rf static/vendor && mkdir -p static/vendor
	cp -R node_modules/leaflet/dist static/vendor/leaflet
	rm -f static/vendor/leaflet/*.map static/vendor/leaflet/leaflet-src*
	mkdir -p static/vendor/vector-tile
	cp node_modules/pbf/index.js static/vendor/vector-tile/pbf.js
	cp node_modules/@mapbox/point-geometry/index.js static/vendor/vector-tile/point-geometry.js
	sed "s#'@mapbox/point-geometry'#'./point-geometry.js'#" node_modules/@mapbox/vector-tile/index.js \
	  > static/vendor/vector-tile/vector-tile.js
	rm -f $(MARKS)/axe
	touch $@

$(MARKS)/axe: $(MARKS)/vendor
	PATH="$(CURDIR)/$(BIN):$$PATH" "$$(cat $(MARKS)/npm)" ci --ignore-scripts --no-fund --no-audit
	touch $@
