#!/bin/sh
# Evaluates the manifests that Helm renders, and prints them unchanged. A violation that counts stops
# Helm. The arguments are options of `dfpolicy eval`.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/rendered.yaml"

code=0
dfpolicy eval --quiet "$@" - <"$folder/rendered.yaml" >"$folder/report" 2>&1 || code=$?

# Helm 4 hides a plugin's standard error, so on Linux the report goes to Helm's own.
cat "$folder/report" 2>/dev/null >>"/proc/$PPID/fd/2" || cat "$folder/report" >&2
[ "$code" -eq 0 ] || exit "$code"
cat "$folder/rendered.yaml"
