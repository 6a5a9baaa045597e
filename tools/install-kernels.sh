#!/usr/bin/env bash
# Fetches what the kernel lab boots: QEMU, Debian's kernels, and the programs of the guests.
# Usage: tools/install-kernels.sh [--refresh]
# Packages come from the Debian archive that apt-get uses, by an apt-get with lists and a cache of its
# own in .tools/kernels. A file that is there is kept; --refresh looks for newer kernels.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
store="$root/.tools/kernels"
declare -A suites=([bullseye]="amd64" [bookworm]="amd64,arm64" [trixie]="amd64,arm64" [sid]="amd64")
# The shells of the guests, and the compiler of SELinux policies.
guest_suite=trixie
guest_packages=(busybox-static dash libc6)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
	printf 'kernels: %s\n' "$*" >&2
	exit 1
}

# shellcheck source=tools/zig.sh
source "$root/tools/zig.sh"

# Programs of this machine, from its own apt-get.
install_programs() {
	local missing=()
	command -v qemu-system-x86_64 >/dev/null || missing+=(qemu-system-x86)
	command -v qemu-system-aarch64 >/dev/null || missing+=(qemu-system-arm)
	command -v secilc >/dev/null || missing+=(secilc)
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "not found: ${missing[*]}. Install these packages, or run this as root"
	echo "kernels: installing ${missing[*]}"
	apt-get update -qq || die "apt-get update failed"
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
		|| die "cannot install ${missing[*]}"
}

# The address of the Debian archive that this machine uses.
archive() {
	# shellcheck disable=SC2016  # fields of apt-get
	apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
		awk '$1 == "Debian" && $2 !~ /security/ { print $2; exit }'
}

# SUITE COMMAND ARGUMENTS…: apt-get or apt-cache for one suite, apart from that of this machine.
apt_of() {
	local home="$store/apt/$1" command=$2
	shift 2
	"$command" -o Dir::Etc="$home/etc" -o Dir::State="$home/state" -o Dir::State::status="$home/status" \
		-o Dir::Cache="$home/cache" -o APT::Architecture=amd64 -o APT::Architectures::=amd64 \
		-o APT::Architectures::=arm64 -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# SUITE ARCHITECTURES
update() {
	local home="$store/apt/$1"
	mkdir -p "$home/etc/sources.list.d" "$home/etc/preferences.d" "$home/etc/apt.conf.d" \
		"$home/state/lists/partial" "$home/cache/archives/partial" "$home/download"
	: >"$home/status"
	echo "deb [arch=$2 signed-by=$keyring] $uri $1 main" >"$home/etc/sources.list"
	apt_of "$1" apt-get -qq update || die "cannot read the package lists of $1"
}

# SUITE PACKAGE:ARCHITECTURE DIRECTORY: unpacks a package there.
unpack() {
	local at="$store/apt/$1/download"
	(cd "$at" && apt_of "$1" apt-get -qq download "$2" >/dev/null) || die "cannot download $2 of $1"
	mkdir -p "$3"
	dpkg-deb --extract "$at"/*.deb "$3"
	rm "$at"/*.deb
}

# SUITE ARCHITECTURE: the newest kernel of a suite.
fetch_kernel() {
	local suite=$1 architecture=$2 to="$store/$1-$2" from="$store/apt/$1/kernel" release part
	release=$(apt_of "$suite" apt-cache depends "linux-image-cloud-$architecture:$architecture" |
		sed -n 's/^ *Depends: linux-image-\([^ :]*\).*/\1/p' | head -n 1)
	[ -n "$release" ] || die "no kernel for $architecture in $suite"
	[ "$(cat "$to/release" 2>/dev/null)" != "$release" ] || return 0
	echo "kernels: fetching $release"
	rm -rf "$to" "$from"
	mkdir -p "$to"
	# The newest suites divide the package.
	for part in image binary base; do
		unpack "$suite" "linux-$part-$release:$architecture" "$from"
		[ -z "$(find "$from" -type f -name 'vmlinuz*')" ] || [ -z "$(find "$from" -type f -name 'config*')" ] || break
	done
	mv "$(find "$from" -type f -name 'vmlinuz*' | head -n 1)" "$to/vmlinuz"
	mv "$(find "$from" -type f -name 'config*' | head -n 1)" "$to/config"
	echo "$release" >"$to/release"
}

fetch_guest() {
	local architecture=$1 to="$store/guest-$1" package
	rm -rf "$to"
	for package in "${guest_packages[@]}"; do
		unpack "$guest_suite" "$package:$architecture" "$to.new"
	done
	mv "$to.new" "$to"
}

# SUITE ARCHITECTURES: all that is taken from a suite.
fetch() {
	local architecture
	update "$1" "$2"
	for architecture in ${2//,/ }; do
		fetch_kernel "$1" "$architecture"
		[ "$1" != "$guest_suite" ] || fetch_guest "$architecture"
	done
}

complete() {
	local suite
	for suite in "${!suites[@]}"; do [ -e "$store/$suite-amd64/release" ] || return 1; done
	[ -e "$store/bookworm-arm64/release" ] && [ -e "$store/trixie-arm64/release" ] &&
		[ -e "$store/guest-amd64" ] && [ -e "$store/guest-arm64" ]
}

# The program of the guest that takes privileges away, for both architectures.
build_confine() {
	local architecture source=tests/kernels/lab/confine.c to scratch
	cd "$root"
	for architecture in x86_64 aarch64; do
		to="$store/confine-$architecture"
		if [ "$to" -nt "$source" ] && [ "$to" -nt probe/sys.c ]; then continue; fi
		find_zig
		scratch=$(mktemp -d)
		ZIG_GLOBAL_CACHE_DIR="$scratch" ZIG_LOCAL_CACHE_DIR="$scratch" zig cc -target "$architecture-linux-none" \
			"${zig_options[@]}" -Iprobe -o "$to" "$source" probe/sys.c || die "cannot build $source"
		rm -rf "$scratch"
	done
}

command -v apt-get >/dev/null || die "the kernel lab needs apt-get, on Debian or a derivative"
install_programs
mkdir -p "$store"
build_confine
if [ "${1:-}" != --refresh ] && complete; then exit 0; fi
uri=${DEBIAN_ARCHIVE:-$(archive)}
[ -n "$uri" ] || die "apt-get uses no Debian archive: set DEBIAN_ARCHIVE to the address of one"
[ -e "$keyring" ] || die "$keyring not found: install debian-archive-keyring"
rm -rf "$store/apt"
jobs=()
for suite in "${!suites[@]}"; do
	fetch "$suite" "${suites[$suite]}" &
	jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job" || failed=yes; done
[ -z "${failed:-}" ] || die "some packages are missing"
rm -r "$store/apt"
