#!/usr/bin/env bash
# Builds etcd and kube-apiserver into .tools/bin, for the tests in tests/cluster.
# Usage: tools/install-cluster.sh
# Each is a module of tools/cluster, built from its go.mod and go.sum. A binary of the same module
# in .tools/bin is not built again.
#
# To change a version: set it in tools/versions.env and in go.mod (for kube-apiserver also in
# each `replace`), then run `go mod tidy` in the module's directory.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
store="$root/.tools"

# shellcheck source=tools/versions.env
source "$root/tools/versions.env"
# shellcheck source=tools/go.sh
source "$root/tools/go.sh"

# build NAME MODULE VERSION LDFLAGS…: builds tools/cluster/NAME, which must require MODULE at that
# version.
build() {
	local name=$1 module=$2 version=$3 source="$root/tools/cluster/$1" stamp
	shift 3
	grep -Eq "^(require)?[[:space:]]+$module v$version\$" "$source/go.mod" ||
		die "tools/versions.env says $name $version, but tools/cluster/$name/go.mod requires $(grep -Eo "$module v[^ ]+" "$source/go.mod" || echo "no $module")"
	stamp="$module@v$version $(cat "$source"/{go.mod,go.sum,main.go} | cksum) $*"
	if [ -x "$store/bin/$name" ] && [ "$(cat "$store/$name.version" 2>/dev/null)" = "$stamp" ]; then
		return 0
	fi
	find_go
	echo "tools: building $name $version, which takes a few minutes the first time"
	(cd "$source" && CGO_ENABLED=0 GOWORK=off "$go" build -mod=readonly -buildvcs=false -trimpath \
		-ldflags "-s -w $*" -o "$scratch/$name" .) ||
		die "cannot build tools/cluster/$name with $("$go" version)"
	mv -f "$scratch/$name" "$store/bin/$name"
	echo "$stamp" >"$store/$name.version"
}

[ $# -eq 0 ] || die "usage: tools/install-cluster.sh"
mkdir -p "$store/bin"
scratch=$(mktemp -d "$store/build.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
build etcd go.etcd.io/etcd/server/v3 "$ETCD_VERSION"
IFS=. read -r major minor _ <<<"$KUBERNETES_VERSION"
in_version=k8s.io/component-base/version
build kube-apiserver k8s.io/kubernetes "$KUBERNETES_VERSION" \
	"-X $in_version.gitVersion=v$KUBERNETES_VERSION" \
	"-X $in_version.gitMajor=$major" "-X $in_version.gitMinor=$minor"
