#!/usr/bin/env bash
# Installs Chromium, and a font with the symbols of the HTML report, for the tests of that report.
# Without apt-get or root it only prints what to install. The tests then skip, or fail in CI.
set -euo pipefail

for browser in chromium chromium-browser google-chrome google-chrome-stable; do
	if command -v "$browser" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-dejavu-core >/dev/null
else
	echo "tools: no Chromium found; install it with your package manager" >&2
fi
