#!/usr/bin/env bash
# Builds the Gatekeeper controller into .tools/bin, and copies its manifests to
# .tools/gatekeeper.yaml. Usage: tools/install-gatekeeper.sh
# The controller is in the same module as gator, so its version is GATOR_VERSION.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
store="$root/.tools"

# shellcheck source=tools/versions.env
source "$root/tools/versions.env"
# shellcheck source=tools/go.sh
source "$root/tools/go.sh"

[ $# -eq 0 ] || die "usage: tools/install-gatekeeper.sh"
module="github.com/open-policy-agent/gatekeeper/v${GATOR_VERSION%%.*}@v$GATOR_VERSION"
if [ -x "$store/bin/gatekeeper" ] && [ -f "$store/gatekeeper.yaml" ] &&
	[ "$(cat "$store/gatekeeper.version" 2>/dev/null)" = "$module" ]; then
	exit 0
fi
find_go
mkdir -p "$store/bin"
scratch=$(mktemp -d "$store/build.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
echo "tools: building gatekeeper ($module), which takes a few minutes the first time"
CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -trimpath" GOBIN="$scratch" "$go" install "$module" ||
	die "cannot build $module with $("$go" version)"
directory=$("$go" mod download -json "$module" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')
[ -f "$directory/deploy/gatekeeper.yaml" ] || die "$module has no deploy/gatekeeper.yaml"
install -m 644 "$directory/deploy/gatekeeper.yaml" "$store/gatekeeper.yaml"
mv -f "$scratch/gatekeeper" "$store/bin/gatekeeper"
echo "$module" >"$store/gatekeeper.version"
