#!/usr/bin/env bash
# Builds the named tools at their pinned versions into .tools/bin.
# Usage: tools/install.sh opa conftest helm gator
# A tool that is already there at the pinned version is not built again.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
store="$root/.tools"

# shellcheck source=tools/versions.env
source "$root/tools/versions.env"
# shellcheck source=tools/go.sh
source "$root/tools/go.sh"

# module_of NAME: prints the Go package and version of the tool.
module_of() {
	case $1 in
	opa) echo "github.com/open-policy-agent/opa@v$OPA_VERSION" ;;
	conftest) echo "github.com/open-policy-agent/conftest@v$CONFTEST_VERSION" ;;
	helm) echo "helm.sh/helm/v${HELM_VERSION%%.*}/cmd/helm@v$HELM_VERSION" ;;
	gator) echo "github.com/open-policy-agent/gatekeeper/v${GATOR_VERSION%%.*}/cmd/gator@v$GATOR_VERSION" ;;
	promtool) echo "github.com/prometheus/prometheus/cmd/promtool@v$PROMTOOL_VERSION" ;;
	regal) echo "github.com/open-policy-agent/regal@v$REGAL_VERSION" ;;
	*) die "unknown tool '$1': use opa, conftest, helm, gator, promtool or regal" ;;
	esac
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
		die "cannot build $module with $("$go" version)"
	fi
	mv -f "$scratch/$name" "$store/bin/$name"
	rm -rf "$scratch"
	echo "$module" >"$store/$name.version"
}

[ $# -gt 0 ] || die "name the tools to install: opa, conftest, helm, gator, promtool, regal"
mkdir -p "$store/bin"
for name in "$@"; do
	install "$name"
done
