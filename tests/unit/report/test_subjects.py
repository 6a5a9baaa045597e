from __future__ import annotations

import pytest

from dfpolicy.model import Subject
from dfpolicy.report.subjects import described, key, qualified_name
from support.reports import result

DAEMON_SET: Subject = {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "ns", "name": "a"}


@pytest.mark.parametrize(
    ("subject", "text", "word"),
    [
        (DAEMON_SET, "DaemonSet ns/a", "apps/v1/DaemonSet/ns/a"),
        (
            {**DAEMON_SET, "container": "c"},
            "DaemonSet ns/a, container c",
            "apps/v1/DaemonSet/ns/a/container/c",
        ),
        ({"kind": "Node", "name": "n1"}, "Node n1", "Node/n1"),
        ({"kind": "Node", "name": "*"}, "every node", "Node/*"),
        ({"kind": "Cluster", "name": "*"}, "the cluster", "Cluster/*"),
        ({"kind": "Pod", "name": "*"}, "every Pod", "Pod/*"),
        ({"kind": "Pod", "name": "p", "node": "n"}, "Pod p, node n", "Pod/p/node/n"),
    ],
)
def test_names(subject: Subject, text: str, word: str) -> None:
    assert described(subject) == text
    assert qualified_name(subject) == word


def test_the_key_is_id_and_subject() -> None:
    first = result(id="DF-A-001", subject=DAEMON_SET)
    again = result(id="DF-A-001", subject=dict(reversed(DAEMON_SET.items())), observed="x")
    assert key(first) == key(again)
    assert key(first) != key(result(id="DF-A-002", subject=DAEMON_SET))
    # The parts do not run into each other.
    one = result(subject={"kind": "A", "namespace": "b", "name": "c"})
    two = result(subject={"kind": "A", "name": "b", "container": "c"})
    assert key(one) != key(two)
