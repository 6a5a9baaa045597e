"""What values of a chart change beside the operations, without Helm."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dfpolicy.changes.selection import Change
from dfpolicy.fix.deployment import Deployment
from dfpolicy.fix.side_effects import side_effects
from dfpolicy.reading.documents import Document
from dfpolicy.reading.limits import Limits

AGENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "agent"},
    "spec": {
        "tolerations": [],
        "volumes": [{"name": "a", "hostPath": {"path": "/a"}}, {"name": "b", "emptyDir": {}}],
    },
}
WATCHER = {**deepcopy(AGENT), "kind": "Deployment", "metadata": {"name": "watcher"}}
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"p": "1"}}
ADDED = {"key": "a", "operator": "Exists"}
OPERATION = {
    "op": "add",
    "target": {"kind": "DaemonSet", "name": "agent"},
    "path": ["spec", "tolerations"],
    "value": ADDED,
}


def documents(*objects: dict[str, Any]) -> list[Document]:
    return [Document("chart", number, 1, None, 1, one) for number, one in enumerate(objects, 1)]


def tolerating(value: dict[str, Any], **change: Any) -> dict[str, Any]:
    return {**value, "spec": {**value["spec"], "tolerations": [ADDED], **change}}


@pytest.mark.parametrize(
    ("rendered", "effects"),
    [
        pytest.param([tolerating(AGENT), WATCHER, SECRET], [], id="only the operation"),
        pytest.param(
            [tolerating(AGENT), tolerating(WATCHER), SECRET],
            [("change", "watcher", (("spec", "tolerations"),))],
            id="an object that shares the value",
        ),
        pytest.param(
            [tolerating(AGENT), SECRET, {**WATCHER, "metadata": {"name": "other"}}],
            [("remove", "watcher", ()), ("add", "other", ())],
            id="another name",
        ),
        pytest.param(
            [tolerating(AGENT), WATCHER, {**SECRET, "data": {"p": "2"}}],
            [],
            id="a random value",
        ),
        pytest.param(
            [
                tolerating(
                    AGENT,
                    volumes=[
                        {"name": "b", "emptyDir": {}},
                        {"name": "c", "hostPath": {"path": "/a"}},
                    ],
                    selector=None,
                ),
                {
                    **WATCHER,
                    "metadata": {"name": "watcher", "annotations": {"checksum/config": "1"}},
                },
                SECRET,
            ],
            [],
            id="order, own names of volumes, empty fields and checksums",
        ),
        pytest.param(
            [
                tolerating(
                    AGENT, volumes=[{"name": "a", "hostPath": {"path": "/a", "type": "File"}}]
                ),
                WATCHER,
                SECRET,
            ],
            [
                (
                    "change",
                    "agent",
                    (
                        ("spec", "volumes", {"hostPath": "/a"}, "hostPath", "type"),
                        ("spec", "volumes", {"name": "b"}),
                    ),
                )
            ],
            id="members of a list",
        ),
    ],
)
def test_what_differs_beside_the_operations_is_named(
    rendered: list[dict[str, Any]], effects: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment = Deployment([], "deepflow", Limits())
    deployment.from_chart = documents(AGENT, WATCHER, SECRET)
    again = documents(AGENT, WATCHER, {**SECRET, "data": {"p": "3"}})
    deployment.rendered = cast("Any", SimpleNamespace(chart=None, render=lambda _chart: again))
    monkeypatch.setattr(deployment, "with_values", lambda _values: documents(*rendered))
    change = cast("Change", SimpleNamespace(operations=(OPERATION,)))
    found = side_effects(deployment, [change], {"tolerations": [ADDED]})
    assert [(one.effect, one.target["name"], one.paths) for one in found] == effects
