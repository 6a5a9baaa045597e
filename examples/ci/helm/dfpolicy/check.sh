#!/bin/sh
# `helm dfpolicy CHART …`: renders the chart with the helm that runs this plugin, and checks it.
set -eu

case ${1:-} in
"" | -h | --help) exec dfpolicy eval --help ;;
-*)
	echo "helm dfpolicy: the chart comes first: helm dfpolicy CHART [OPTIONS]" >&2
	exit 2
	;;
esac
chart=$1
shift
# helm reads its own flags, such as -n, and passes them as variables.
exec dfpolicy eval --helm "$chart" --helm-bin "${HELM_BIN:-helm}" \
	--namespace "${HELM_NAMESPACE:-default}" "$@"
