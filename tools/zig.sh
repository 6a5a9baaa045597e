# shellcheck shell=bash
# The pinned compiler of the probe and of the kernel lab. Set `root` before you source this.

# shellcheck source=tools/versions.env
source "${root:?}/tools/versions.env"
venv=${VENV:-"$root/.venv"}

zig() { "$venv/bin/python" -m ziglang "$@"; }

# For a program without a C library.
# shellcheck disable=SC2034
zig_options=(
	-std=c11 -Os -g0 -s -static -nostdlib -ffreestanding -fno-pic -fno-stack-protector
	-fno-sanitize=all -fno-unwind-tables -fno-asynchronous-unwind-tables
	-Wall -Wextra -Werror -z noexecstack "-Wl,--build-id=none"
)

# find_zig: installs it into the virtual environment, if it is not there.
find_zig() {
	if [ "$(zig version 2>/dev/null || true)" != "$ZIG_VERSION" ]; then
		echo "tools: installing ziglang $ZIG_VERSION into the virtual environment"
		"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
			--requirement "$root/tools/ziglang.txt" || die "cannot install ziglang $ZIG_VERSION"
	fi
}
