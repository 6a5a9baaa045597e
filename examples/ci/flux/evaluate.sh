#!/bin/sh
# For the CI of the repository that Flux reconciles: Flux itself runs no program before it applies.
# The HelmRelease takes its values from the same values.yaml, by a ConfigMap that kustomization.yaml
# generates, so that what is judged is what Flux installs.
# Usage: evaluate.sh [CHART [OPTION...]]; CHART by default is DeepFlow's own.
set -eu
cd "$(dirname "$0")"

if [ $# -eq 0 ]; then
	set -- deepflow-agent --helm-arg=--repo=https://deepflowio.github.io/deepflow
	set -- "$@" --helm-arg=--version=7.1.002
fi
exec dfpolicy eval --release deepflow-agent --namespace deepflow -f values.yaml --helm "$@"
