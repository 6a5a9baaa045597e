from __future__ import annotations

import time

from prometheus_client.parser import text_string_to_metric_families

from dfpolicy.watch.metrics import Metrics
from support.reports import feature_row, report, result

NODES = [{"kind": "Node", "name": f"node-{number}"} for number in range(3)]
SOME = report(
    *(result("violation" if at else "pass", subject=one) for at, one in enumerate(NODES)),
    features=[feature_row(one["name"], kernelRelease="5.15.0") for one in NODES],
)


def values(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """The samples, by name and the values of their labels in the order of the labels' names."""
    return {
        (sample.name, *(value for _label, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
    }


def test_a_report_is_shown_and_replaced_by_the_next_one() -> None:
    metrics = Metrics()
    metrics.judged(SOME, 0.5)
    found = values(metrics)
    assert found["dfpolicy_exit_code",] == 1
    assert found["dfpolicy_state", "blocked-on-some-nodes"] == 1
    assert found["dfpolicy_state", "deployable"] == 0
    assert found["dfpolicy_requirements", "blocks"] == 1
    assert found["dfpolicy_requirement_violated", "blocks", "DF-K8S-001"] == 1
    assert found["dfpolicy_nodes",] == 3
    assert found["dfpolicy_nodes_blocked",] == 2
    assert found["dfpolicy_feature_lost_nodes", "AutoTagging"] == 2
    assert found["dfpolicy_feature_state", "AutoTagging", "some"] == 1
    kinds = {key: value for key, value in found.items() if key[0] == "dfpolicy_node_kind_nodes"}
    assert sum(kinds.values()) == 3
    metrics.judged(None, 0.1)
    found = values(metrics)
    assert found["dfpolicy_agents",] == found["dfpolicy_exit_code",] == 0
    assert found["dfpolicy_feature_state", "AutoTagging", "some"] == 0
    assert not [key for key in found if key[0] == "dfpolicy_node_kind_nodes"]
    assert ("dfpolicy_requirement_violated", "blocks", "DF-K8S-001") not in found


def test_failures_and_the_age_of_facts_are_shown() -> None:
    metrics = Metrics(lambda: {"nodes": time.time() - 100, "namespaces": 0.0})
    metrics.failed("watch")
    found = values(metrics)
    assert found["dfpolicy_errors_total", "watch"] == 1
    assert found["dfpolicy_errors_total", "write"] == 0
    assert found["dfpolicy_facts_age_seconds", "nodes"] >= 99
    assert ("dfpolicy_facts_age_seconds", "namespaces") not in found


def test_the_number_of_time_series_is_bounded() -> None:
    many = [{"kind": "Node", "name": f"node-{number}"} for number in range(300)]
    metrics = Metrics()
    metrics.judged(
        report(
            *(result("pass", subject=one) for one in many),
            features=[feature_row(one["name"], kernelRelease=one["name"]) for one in many],
        ),
        0.1,
    )
    found = [key for key in values(metrics) if key[0] == "dfpolicy_node_kind_nodes"]
    assert len(found) == 100
