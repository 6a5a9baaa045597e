"""`dfpolicy fix` and a real API server: it accepts what is fixed, and live objects can be fixed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.api_server import ApiServer
from dfpolicy.reading.documents import load_documents
from support.breakages import broken_manifests, broken_values
from support.command import Run
from support.fix_plans import agent_charts, chart_plan

VALUES = 30
CASES = list(broken_manifests(60))
# The agent's objects that have a name of their own in the whole cluster.
UNBOUND = ("ClusterRole", "ClusterRoleBinding", "Namespace")
TARGETED = ("required", "recommended")


def fixed(cli: Run, folder: Path, objects: list[Any]) -> list[Any]:
    """Return the objects of the changed copy, or the same if there is nothing to change."""
    (folder / "live.json").write_text(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    )
    done = cli("fix", str(folder / "live.json"), "-o", f"patched={folder / 'out'}")
    assert done.returncode == 0, done.stderr
    copy = folder / "out/live.json"
    if not copy.exists():
        return objects
    judged = cli("eval", str(copy), "--config", "", "-o", "json")
    left = [
        one["id"]
        for one in json.loads(judged.stdout)["results"]
        if one["outcome"] == "violation" and one["level"] in TARGETED and one["impact"] != []
    ]
    assert not left
    found: list[Any] = []
    for value in (document.value for document in load_documents([str(copy)])):
        found += value["items"] if value["kind"] == "List" else [value]
    return found


def renamed(objects: list[Any], namespace: str) -> list[Any]:
    """The objects in another namespace, and those of the whole cluster under other names."""
    text = json.dumps(objects)
    found: list[Any] = json.loads(
        text.replace('"namespace": "deepflow"', f'"namespace": "{namespace}"')
    )
    for one in found:
        if one["kind"] not in UNBOUND:
            one["metadata"].setdefault("namespace", namespace)
        elif one["kind"] == "Namespace":
            one["metadata"]["name"] = namespace
        else:
            one["metadata"]["name"] += f"-{namespace}"
        if one["kind"] == "ClusterRoleBinding":
            one["roleRef"]["name"] += f"-{namespace}"
    return found


@pytest.fixture(scope="module")
def namespace(api_server: ApiServer) -> str:
    """A namespace for the agent of these tests."""
    name = "fix-live"
    document = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    api_server.apply(document)
    return name


@pytest.mark.parametrize(("name", "documents"), CASES, ids=[name for name, _ in CASES])
def test_the_server_accepts_every_fixed_object(
    api_server: ApiServer, namespace: str, cli: Run, tmp_path: Path, name: str, documents: list[Any]
) -> None:
    found = fixed(cli, tmp_path, renamed(documents, namespace))
    objects = [document for document in found if document["kind"] != "Namespace"]
    assert objects
    for document in objects:
        answer = api_server.create(document, dry_run=True, strict=True)
        assert answer.ok, f"{name}: {answer.message}"


@pytest.mark.parametrize("chart", agent_charts(), ids=lambda chart: chart.name)
def test_the_server_accepts_what_a_fixed_chart_renders(
    api_server: ApiServer, namespace: str, tmp_path: Path, chart: Path
) -> None:
    """The values of the overlay and the patch together: all objects of the chart."""
    refused, seen = [], 0
    for name, values in broken_values(VALUES):
        broken = tmp_path / "broken.yaml"
        broken.write_text(yaml.safe_dump(values), "utf-8")
        plan = chart_plan(chart, broken)
        for document in renamed([one.value for one in plan.changed.documents], namespace):
            if document["kind"] == "Namespace":
                continue
            answer = api_server.create(document, dry_run=True, strict=True)
            seen += 1
            if not answer.ok:
                refused.append(f"{name}: {document['kind']}: {answer.message}")
    assert refused == []
    assert seen >= 2 * VALUES


def test_objects_of_a_live_cluster_are_fixed(
    api_server: ApiServer, namespace: str, cli: Run, tmp_path: Path
) -> None:
    name, documents = CASES[-1]
    objects = renamed(documents, namespace)
    for one in objects:
        answer = api_server.apply(one)
        assert answer.ok, f"{name}: {answer.message}"
    # With the server's defaults, its status, and the fields that it manages.
    live = [api_server.get(one).body for one in objects]
    changed = fixed(cli, tmp_path, live)
    assert changed != live
    for one in changed:
        for field in ("resourceVersion", "uid", "managedFields"):
            one["metadata"].pop(field, None)
        answer = api_server.apply(one, strict=True)
        assert answer.ok, answer.message
    again = [api_server.get(one).body for one in changed]
    (tmp_path / "again").mkdir()
    assert fixed(cli, tmp_path / "again", again) == again
