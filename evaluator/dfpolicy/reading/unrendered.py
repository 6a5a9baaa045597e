"""Recognises files that a tool turns into manifests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from dfpolicy.errors import InputError
from dfpolicy.i18n.language import _

_CHART = "Chart.yaml"
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml")
_KUSTOMIZE = "kustomize.config.k8s.io/"
# What DeepFlow's charts read from values, at the top.
_VALUES = frozenset(
    (
        *("agentGroupID", "allInOneLocalStorage", "clusterNAME", "configmap", "deepflow-agent"),
        *("deepflowK8sClusterID", "deepflowServerNodeIPS", "deployComponent", "externalClickHouse"),
        *("externalMySQL", "sysctlInitContainer", "daemonsetWatchDisabled", "tke_sidecar"),
        *("hostNetwork", "image", "nameOverride", "fullnameOverride", "global", "grafana"),
        *("mysql", "clickhouse", "byconity", "server", "podSecurityContext", "securityContext"),
    )
)


def refuse_charts(paths: Sequence[str], directory: str) -> None:
    """Raise InputError if the files, found in a directory, are a chart's or a kustomization's."""
    for path in map(Path, paths):
        folder = path.parent.as_posix()
        if str(path) == directory:
            continue
        if path.name == _CHART and (path.parent / "templates").is_dir():
            raise InputError(
                _("this is a Helm chart, not rendered manifests"),
                str(path),
                _("render it: {command}").format(command=f"dfpolicy eval --helm {folder}"),
            )
        if path.name in _KUSTOMIZATIONS:
            raise _kustomization(str(path))


def refuse_kustomization(value: Any, name: str, line: int) -> None:
    """Raise InputError if the document is for kustomize."""
    version = value.get("apiVersion") if isinstance(value, dict) else None
    named = PurePath(name).name in _KUSTOMIZATIONS
    if named or (isinstance(version, str) and version.startswith(_KUSTOMIZE)):
        raise _kustomization(name, line)


def rendering(value: Any, name: str) -> tuple[str, str] | None:
    """Return what a document without kind is for, and the command that renders it, or None."""
    if not isinstance(value, Mapping):
        return None
    if PurePath(name).name == _CHART or {"apiVersion", "name", "version"} <= value.keys():
        folder = PurePath(name).parent.as_posix()
        return _("the description of a Helm chart"), f"dfpolicy eval --helm {folder}"
    if "releases" in value:
        return _("a helmfile"), f"helmfile -f {name} template | dfpolicy eval -"
    if "apiVersion" not in value and not _VALUES.isdisjoint(value):
        chart = "deepflow/deepflow" if "deepflow-agent" in value else "deepflow/deepflow-agent"
        return _("values of a Helm chart"), f"dfpolicy eval --helm {chart} -f {name}"
    return None


def _kustomization(name: str, line: int = 1) -> InputError:
    folder = PurePath(name).parent.as_posix()
    return InputError(
        _("this is a kustomization, not manifests"),
        f"{name}:{line}",
        _("render it: {command}").format(command=f"kubectl kustomize {folder} | dfpolicy eval -"),
    )
