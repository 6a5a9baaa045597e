#!/bin/sh
# Run this in the CI of the repository that Flux reconciles: Flux runs no program before it applies.
# The HelmRelease reads the same values.yaml, through a ConfigMap that kustomization.yaml generates.
# This script therefore checks what Flux installs.
# Usage: evaluate.sh [CHART [OPTION...]]; the default CHART is DeepFlow's own.
set -eu
cd "$(dirname "$0")"

if [ $# -eq 0 ]; then
	set -- deepflow-agent --helm-arg=--repo=https://deepflowio.github.io/deepflow
	set -- "$@" --helm-arg=--version=7.1.002
fi
exec dfpolicy eval --release deepflow-agent --namespace deepflow -f values.yaml --helm "$@"
