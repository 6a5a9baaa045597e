#!/usr/bin/env bash
# Installs mmdebstrap and buildah, which build the container image. Without apt-get or root it only
# prints what to install.
set -euo pipefail

if command -v mmdebstrap >/dev/null && command -v buildah >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		mmdebstrap buildah >/dev/null
else
	echo "tools: install mmdebstrap and buildah with your package manager" >&2
fi
