"""The manifests of deploy/watch: they agree with each other and with the metrics."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from dfpolicy.watch.metrics import Metrics
from dfpolicy.watch.mirrored import ATTACHMENTS, COLLECTIONS
from support.decisions import ROOT
from support.reports import report, result

FOLDER = ROOT / "deploy" / "watch"
NAME = re.compile(r"dfpolicy_[a-z_]+")


def documents(name: str) -> list[Any]:
    return [*yaml.safe_load_all((FOLDER / name).read_text("utf-8"))]


def test_the_kustomization_names_every_manifest() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    (kustomization,) = documents("kustomization.yaml")
    assert set(kustomization["resources"]) == files
    (dashboard,) = kustomization["configMapGenerator"]
    assert dashboard["files"] == ["dashboard.json"]


def test_selectors_find_the_pods_and_ports_have_their_names() -> None:
    (deployment,) = documents("deployment.yaml")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    (service,) = documents("service.yaml")
    (monitor,) = documents("servicemonitor.yaml")
    (policy,) = documents("networkpolicy.yaml")
    assert labels == deployment["spec"]["selector"]["matchLabels"] == service["spec"]["selector"]
    assert labels == policy["spec"]["podSelector"]["matchLabels"]
    assert monitor["spec"]["selector"]["matchLabels"] == service["metadata"]["labels"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    (port,) = container["ports"]
    assert {port["name"]} == {one["name"] for one in service["spec"]["ports"]}
    assert {port["name"]} == {one["port"] for one in monitor["spec"]["endpoints"]}


@pytest.mark.parametrize("name", ["rules.yaml", "dashboard.json", "README.md"])
def test_every_metric_that_is_used_exists(name: str) -> None:
    metrics = Metrics(lambda: {"nodes": 1.0})
    metrics.judged(report(result(subject={"kind": "Node", "name": "a"})), 0.1)
    samples = metrics.text().decode()
    known = {line.split("{")[0].split(" ")[0] for line in samples.splitlines() if line[0] != "#"}
    text = (FOLDER / name).read_text("utf-8")
    used = {*NAME.findall(text)}
    assert len(used) > 4
    assert used <= known


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    panels = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))["panels"]
    taken = [
        (x, y)
        for one in panels
        for x in range(one["gridPos"]["x"], one["gridPos"]["x"] + one["gridPos"]["w"])
        for y in range(one["gridPos"]["y"], one["gridPos"]["y"] + one["gridPos"]["h"])
    ]
    assert len({*taken}) == len(taken)
    assert len({one["id"] for one in panels}) == len(panels)


def test_each_watched_collection_is_granted_and_nothing_more_of_the_whole_cluster() -> None:
    (role,) = (one for one in documents("rbac.yaml") if one["kind"] == "ClusterRole")
    granted = {
        (group, resource)
        for rule in role["rules"]
        if rule["verbs"] == ["list", "watch"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    assert granted == {
        (one.version.rpartition("/")[0], one.name) for one in (*COLLECTIONS, ATTACHMENTS)
    }
    written = [rule for rule in role["rules"] if rule["verbs"] != ["list", "watch"]]
    assert {group for rule in written for group in rule["apiGroups"]} == {
        *("openreports.io", "wgpolicyk8s.io")
    }
