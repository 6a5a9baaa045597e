"""Helm, and charts that tests write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HELM = ROOT / ".tools" / "bin" / "helm"

AGENT = """\
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  labels: {app: deepflow, component: deepflow-agent}
spec:
  template:
    metadata:
      labels: {app: deepflow, component: deepflow-agent}
    spec:
      hostPID: {{ .Values.hostPID }}
      containers:
      - name: deepflow-agent
        image: registry.example.com/deepflow-ce/deepflow-agent:{{ .Values.tag }}
"""
VALUES = "hostPID: true\ntag: v7.1\n"


def need_helm() -> str:
    """Return the path of Helm; without it skip the test, or fail in CI."""
    if not HELM.is_file():
        told = "there is no helm; run `make tools TOOLS=helm`"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return str(HELM)


def write_chart(
    folder: Path, templates: Mapping[str, str], values: str = VALUES, more: str = ""
) -> Path:
    """Write a chart named like its directory; `more` is appended to its Chart.yaml."""
    (folder / "templates").mkdir(parents=True)
    head = f"apiVersion: v2\nname: {folder.name}\nversion: 1.0.0\n"
    (folder / "Chart.yaml").write_text(head + more, "utf-8")
    (folder / "values.yaml").write_text(values, "utf-8")
    for name, text in templates.items():
        (folder / "templates" / name).write_text(text, "utf-8")
    return folder


def fake_helm(folder: Path, script: str) -> str:
    """Write a helm that is a shell script, and return its path."""
    path = folder / "fake-helm"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return str(path)
