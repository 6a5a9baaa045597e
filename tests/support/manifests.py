"""Manifests that more than one test file needs."""

from __future__ import annotations

# An agent that lacks nearly everything.
BARE = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: deepflow-agent, namespace: deepflow, labels: {app: deepflow}}
spec:
  template:
    spec:
      containers:
      - name: deepflow-agent
        image: registry.example.com/deepflow-ce/deepflow-agent:v7.1
"""
