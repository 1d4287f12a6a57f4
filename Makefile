# demo: everything set up, the demo street shown.  test: everything set up, the tests.  prove: the long proofs at full size.
# A fresh machine needs Python 3.11 or later and make. Without a network: see "wheels" below and README.md.

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
READY := $(VENV)/.ready
# A folder of packages made by `make wheels` beside this file is used instead of the network.
OFFLINE := $(if $(wildcard wheelhouse),--no-index --find-links wheelhouse)
PIP := $(PY) -m pip --disable-pip-version-check --quiet

.PHONY: demo test prove bench pictures lint format wheels lock clean

demo: $(READY)
	$(BIN)/lianping demo

test: $(READY)
	$(PY) -m pytest -n auto --dist loadfile

prove: $(READY)
	LIANPING_PROVE=1 $(PY) -m pytest -m prove -n auto -rA --durations=0

bench: $(READY)
	$(PY) benchmarks/load.py
	$(PY) benchmarks/metrics.py
	$(PY) benchmarks/pages.py
	$(PY) benchmarks/reports.py
	$(PY) benchmarks/rating.py
	$(PY) benchmarks/whatif.py

# The pictures of the pages in docs/pictures; needs chromium.
pictures: $(READY)
	$(PY) docs/pictures.py

lint: $(READY)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(BIN)/lint-imports --no-cache

format: $(READY)
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

# The packages for a machine of this kind without a network: copy the folder wheelhouse along with the project.
wheels: $(READY)
	$(PIP) download --require-hashes --no-deps --no-build-isolation --dest wheelhouse -r requirements.lock

# After changing the dependencies in pyproject.toml; needs uv.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) wheelhouse build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Some packages come as source only: what builds them is installed first, pinned like all the rest.
$(READY): requirements.lock pyproject.toml Makefile
	@set -e; \
	if ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  found=; bare=; \
	  for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	    if $$name -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$name; break; fi; \
	    bare=$${bare:-$$name}; \
	  done; \
	  if [ -z "$$found" ] && [ -n "$$bare" ]; then \
	    echo "$$bare 不能建立虚拟环境：请先安装 venv（Debian、Ubuntu：apt install python3-venv），再运行一次。" >&2; \
	    echo "$$bare cannot make a virtual environment: install venv (Debian, Ubuntu: apt install python3-venv) and try again." >&2; \
	    exit 1; \
	  elif [ -z "$$found" ]; then \
	    echo "没有找到 Python 3.11 或更新的版本：请先安装，或写明它在哪里：make PYTHON=路径 demo" >&2; \
	    echo "No Python 3.11 or later was found: install one, or say where it is: make PYTHON=PATH demo" >&2; \
	    exit 1; \
	  fi; \
	  $$found -m venv $(VENV); \
	fi
	@echo "安装依赖 / installing what is needed …"
	@awk '/^(setuptools)==/ { on = 1 } on { print } !/\\$$/ { on = 0 }' requirements.lock > $(VENV)/first.txt
	@$(PIP) install --require-hashes --no-deps $(OFFLINE) -r $(VENV)/first.txt
	@$(PIP) install --require-hashes --no-deps --no-build-isolation $(OFFLINE) -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $(READY)
