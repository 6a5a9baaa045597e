#!/usr/bin/env bash
# Builds the probe for both architectures, and records the hashes of what it was built from.
# Usage: tools/build-probe.sh [--check]
# With --check, it only compares a new build with the binaries in the tree.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
target="$root/evaluator/dfpolicy/collect/probe"
largest=65536

die() {
	printf 'probe: %s\n' "$*" >&2
	exit 1
}

# shellcheck source=tools/zig.sh
source "$root/tools/zig.sh"
find_zig

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export ZIG_GLOBAL_CACHE_DIR="$scratch/cache" ZIG_LOCAL_CACHE_DIR="$scratch/cache"

# Relative paths, so that the bytes do not depend on the location of the tree.
cd "$root/probe"
mkdir "$scratch/built"
for architecture in x86_64 aarch64; do
	built="$scratch/built/dfpolicy-probe-$architecture"
	zig cc -target "$architecture-linux-none" "${zig_options[@]}" -o "$built" ./*.c
	[ "$(stat -c %s "$built")" -le "$largest" ] || die "$built is larger than $largest bytes"
done
{
	sha256sum -- *.c *.h
	cd "$scratch/built" && sha256sum -- dfpolicy-probe-*
} >"$scratch/SHA256SUMS"
mv "$scratch/SHA256SUMS" "$scratch/built/"

if [ "${1:-}" = --check ]; then
	diff -rq "$scratch/built" "$target" >&2 || die "the binaries are not what probe/ builds: run 'make probe'"
else
	mkdir -p "$target"
	cp "$scratch/built"/* "$target/"
	chmod 644 "$target/SHA256SUMS"
	chmod 755 "$target"/dfpolicy-probe-*
fi
