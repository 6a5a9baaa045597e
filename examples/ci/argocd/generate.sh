#!/bin/sh
# Argo CD applies the standard output, and shows standard error when this fails.
# The application's source is a chart with its values next to it.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
helm template "$ARGOCD_APP_NAME" . --namespace "$ARGOCD_APP_NAMESPACE" \
	--kube-version "${KUBE_VERSION:-1.30}" >"$folder/rendered.yaml"
dfpolicy eval --quiet --namespace "$ARGOCD_APP_NAMESPACE" - <"$folder/rendered.yaml" >&2
cat "$folder/rendered.yaml"
