#!/usr/bin/env bash
# Installs the registry for the tests of `dfpolicy bundle push` and `pull`. Without apt-get or root it
# only prints what to install. The tests then skip, or fail in CI.
set -euo pipefail

if command -v docker-registry >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		docker-registry >/dev/null
else
	echo "tools: no docker-registry found; install it with your package manager" >&2
fi
