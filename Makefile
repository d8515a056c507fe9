# make run     the web application over corpus/
# make ask     one answer in the terminal: make ask Q="Varför ökade kostnaden för placeringar?"
# make index   build or update the index alone
# make test    lint, types, floors, evaluation gate, tests; PYTEST_ARGS= runs the slow ones too
#              EXTRAS=app,dev,distributed,milvus,models those of sentence-transformers, Dask and Milvus too
# make soak    crashes, damage, fuzzing and bounds, hours of it; its figures belong in docs/reliability.md
# make lint, types, floors, gate, ratios, pytest: each alone;  make format  puts the code in form
# make bench   what is measured of speed and size, into benchmarks/RESULTS.md: PART=scale SIZES="10000 100000";
#              EXTRAS=app,bench,dev draws its plots too
# make clean   take away all that was made here; make constraints  pins the newest versions anew
# make load    60 users for 15 minutes over the demonstration corpus; its figures belong in docs/reliability.md
# make sbom    what all this is made of, with licences, in .cache/sbom
#
# Every command sets up what it needs in .venv, once: again when pyproject.toml or constraints.txt change.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
REPORTS ?= corpus
INDEX ?= index
PORT ?= 8501
EXTRAS ?= app,dev
PYTEST_ARGS ?= -m "not slow"

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_QUIET := -qq --progress-bar off
PINS := pyproject.toml constraints.txt requirements.txt
APP := .venv/.installed-app
DEV := .venv/.installed-$(EXTRAS)
GATE_INDEX := .cache/gate-index

# An address of its own keeps Streamlit from asking the network for the outer one; the rest is in .streamlit.
STREAMLIT := --server.address localhost --server.port $(PORT)

.DEFAULT_GOAL := run
.PHONY: run ask index test soak bench lint types floors gate ratios pytest format constraints sbom load clean
.NOTPARALLEL:

run: index
	@RAPPORTSVAR_INDEX="$(INDEX)" $(BIN)/python -m streamlit run app.py $(STREAMLIT)

ask: export QUESTION = $(Q)
ask: index
	@test -n "$$QUESTION" || { echo 'Ask like this: make ask Q="Varför ökade kostnaden för placeringar?"' >&2; exit 2; }
	@$(BIN)/rapportsvar ask "$$QUESTION" --index "$(INDEX)"

index: $(APP)
	@$(BIN)/rapportsvar index $(REPORTS) --index "$(INDEX)"

test: lint types floors gate ratios pytest

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

floors: $(DEV)
	$(BIN)/lint-imports

# The gate compares with floors that were pinned by hand: it is there as soon as they are.
gate: $(DEV)
ifneq ($(wildcard gold/floors.json),)
	$(BIN)/rapportsvar index corpus --index $(GATE_INDEX)
	$(BIN)/rapportsvar evaluate gold/*.jsonl --gate --no-keep --index $(GATE_INDEX)
else
	@echo "No evaluation gate: gold/floors.json is not there"
endif

# Ratios of processor time that must not fall: after the gate, over the index that it made.
ratios: gate
	@PYTHONPATH=benchmarks $(BIN)/python -m bench.gate $(GATE_INDEX)

pytest: $(DEV)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# Each test of tests/soak is short among the others; --soak makes it long. SOAK_ARGS="-k crashes" for some of them.
soak: $(DEV)
	$(BIN)/python -m pytest tests/soak --soak -p no:cacheprovider --durations=10 $(SOAK_ARGS)

bench: $(DEV)
	@PYTHONPATH=benchmarks $(BIN)/python -m bench $(or $(PART),all) $(if $(SIZES),--sizes $(SIZES)) $(BENCH_ARGS)

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The default installation takes only files whose hashes stand in requirements.txt. What other extras need besides is
# pinned by version: a build of torch for the processor alone has another hash than the one of the package index.
.venv/.installed-%: $(PINS) | .venv
	@echo "Installing rapportsvar[$*] into .venv: about a minute, this once"
	@$(PIP) install $(PIP_QUIET) --require-hashes --requirement requirements.txt
	@$(PIP) install $(PIP_QUIET) --constraint constraints.txt --no-build-isolation --editable ".[$*]"
	@touch $@

.venv:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo 'Python 3.11 or later is needed. If it has another name: make PYTHON=/path/to/python' >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; exit 1; }

# Everything in a fresh environment, then its list of versions, without this project and without builds' local names.
constraints:
	rm -rf .cache/constraints-venv
	"$(PYTHON)" -m venv .cache/constraints-venv
	.cache/constraints-venv/bin/python -m pip install $(PIP_QUIET) hatchling editables
	.cache/constraints-venv/bin/python -m pip install $(PIP_QUIET) --no-build-isolation --editable ".[app,bench,dev,distributed,milvus,models]"
	{ echo '# Every version of every package, for all extras, made by: make constraints'; \
	  .cache/constraints-venv/bin/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools \
	  | sed 's/+[a-z0-9.]*$$//' | grep -v ' @ '; } > constraints.txt
	.cache/constraints-venv/bin/python -m pip install $(PIP_QUIET) pip-tools
	printf 'hatchling\neditables\n' > .cache/building.in
	.cache/constraints-venv/bin/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --extra app --constraint constraints.txt \
	  --output-file .cache/requirements.txt pyproject.toml .cache/building.in
	{ echo '# Every package of the default installation and of what builds it, with the hashes of its files, made by:'; \
	  echo '# make constraints'; cat .cache/requirements.txt; } > requirements.txt
	rm -rf .cache/constraints-venv

load: $(DEV) index
	$(BIN)/python benchmarks/load.py "$(INDEX)" gold/corpus.jsonl $(LOAD_ARGS)

sbom: $(APP)
	@$(BIN)/python scripts/bill_of_materials.py .cache/sbom

clean:
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
	rm -rf index/generation-* index/manifest.json* index/embeddings.sqlite* index/build.lock
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
