"""The API server accepts the PolicyReport objects of `-o policyreport`, field by field.

Their kinds come from `tests/schemas/policyreport.schema.json`, which says of
wgpolicyk8s.io/v1alpha2 what the report uses; strict validation refuses any other field.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from cluster.api_server import ApiServer
from dfpolicy.formats.base import Style
from dfpolicy.formats.policyreport import render
from dfpolicy.model import JsonObject, Report
from support import reports

GROUP = "wgpolicyk8s.io"
SCHEMA = Path(__file__).parents[1] / "schemas" / "policyreport.schema.json"
KINDS = {"PolicyReport": "Namespaced", "ClusterPolicyReport": "Cluster"}
NAMESPACES = ("deepflow", "policy-report")


def _structural(schema: Any) -> Any:
    """The schema without what a CustomResourceDefinition does not allow."""
    if isinstance(schema, list):
        return [_structural(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = {"$schema", "title"} | (
        {"additionalProperties"} if schema.get("additionalProperties") is False else set()
    )
    return {name: _structural(item) for name, item in schema.items() if name not in dropped}


def _definition(kind: str) -> JsonObject:
    plural = f"{kind.lower()}s"
    version = {
        "name": "v1alpha2",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": _structural(json.loads(SCHEMA.read_text("utf-8")))},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{GROUP}",
            # Only with this annotation may a definition be in an API group of Kubernetes itself.
            "annotations": {"api-approved.kubernetes.io": "unapproved, for a test"},
        },
        "spec": {
            "group": GROUP,
            "scope": KINDS[kind],
            "names": {
                "kind": kind,
                "listKind": f"{kind}List",
                "plural": plural,
                "singular": kind.lower(),
            },
            "versions": [version],
        },
    }


@pytest.fixture(scope="module")
def server(api_server: ApiServer) -> ApiServer:
    for kind in KINDS:
        answer = api_server.create(_definition(kind))
        assert answer.ok, answer.message
    for name in NAMESPACES:
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        assert api_server.create(made).status in (201, 409)
    limit = time.monotonic() + 30
    # The kinds of a group are read only once, so not before they exist.
    while len(_served(api_server)) < len(KINDS):
        assert time.monotonic() < limit, "the API server does not serve the kinds"
        time.sleep(0.1)
    return api_server


def _served(server: ApiServer) -> set[str]:
    answer = server.request("GET", f"/apis/{GROUP}/v1alpha2")
    return {entry["kind"] for entry in answer.body.get("resources", [])} & set(KINDS)


def _items(report: Report) -> list[JsonObject]:
    items: list[JsonObject] = json.loads(render(report, Style()))["items"]
    return items


@pytest.mark.parametrize("case", sorted(reports.CASES))
def test_the_api_server_accepts(server: ApiServer, case: str) -> None:
    items = _items(reports.CASES[case]())
    assert {item["kind"] for item in items} == set(KINDS)
    for item in items:
        answer = server.apply(item, dry_run=True, strict=True)
        assert answer.ok, answer.message


def test_a_report_is_stored_whole(server: ApiServer) -> None:
    subject = {"kind": "DaemonSet", "namespace": "policy-report", "name": "a"}
    results = [
        reports.result(id=f"DF-X-{number:03}", subject=subject, observed="x" * 900)
        for number in range(300)
    ]
    items = _items(reports.report(*results))
    assert len(items) > 1
    for item in items:
        answer = server.create(item, strict=True)
        assert answer.ok, answer.message
    stored = [one for item in items for one in server.get(item).body["results"]]
    assert stored == [one for item in items for one in item["results"]]


def test_the_api_server_refuses_another_result(server: ApiServer) -> None:
    (item,) = _items(reports.report(reports.result()))
    item["results"][0]["result"] = "violation"
    assert not server.apply(item, dry_run=True, strict=True).ok
