"""Recognises files that a tool turns into manifests, and output that is not only manifests."""

from __future__ import annotations

import re
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
_NOTES = re.compile(r"^NOTES:[ \t]*\r?$", re.MULTILINE)
_LINE = re.compile(r"^(?!---)[ \t]*[^ \t\r\n#].*$", re.MULTILINE)
# How a line of a manifest begins: a key, an item, or anything that is quoted or in brackets.
_OF_YAML = re.compile(r"""\s*(?:[-?](?:\s|$)|["'{}\[\]&!|>%*]|[^\s:#]+\s*:(?:\s|$))""")
# A key, and a second one in its plain value, which YAML does not allow.
_TWO_KEYS = re.compile(r"""[^\s:#"'{\[]+:\s+[^\s"'{\[&*!|>#-][^"'#]*:\s""")


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


def foreign_text(text: str, name: str, line: int) -> InputError | None:
    """Return the error for text that a tool printed among the manifests, or None.

    `text` is not valid YAML, and begins at `line`.
    """
    notes = _NOTES.search(text)
    if notes:
        place = line + text.count("\n", 0, notes.start())
        return InputError(
            _("line {line} begins the notes of Helm, not YAML").format(line=place),
            f"{name}:{place}",
            _("give the output of `helm template` or `helm get manifest`"),
        )
    first = _LINE.search(text)
    if first is None or (_OF_YAML.match(first[0]) and not _TWO_KEYS.match(first[0])):
        return None
    place = line + text.count("\n", 0, first.start())
    return InputError(
        _("line {line} is a message of a program, not YAML").format(line=place),
        f"{name}:{place}",
        _("remove it, or write only standard output to the file"),
    )


def _kustomization(name: str, line: int = 1) -> InputError:
    folder = PurePath(name).parent.as_posix()
    return InputError(
        _("this is a kustomization, not manifests"),
        f"{name}:{line}",
        _("render it: {command}").format(command=f"kubectl kustomize {folder} | dfpolicy eval -"),
    )
