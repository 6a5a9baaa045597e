"""What a report on many clusters says, from the reports on each of them."""

from __future__ import annotations

from typing import Any

from dfpolicy.input.schemas import fault
from dfpolicy.model import Report
from dfpolicy.report.cluster_features import cluster_features
from dfpolicy.report.fleet import fleet_report
from dfpolicy.report.fleet_shapes import FleetReport, JudgedCluster
from support.fleets import broken, cluster
from support.reports import feature_row, report, result

FINE = report(result("pass"))
LOSING = report(result(level="recommended"))
BLOCKED = report(result())


def fleet(*clusters: JudgedCluster, configuration: str | None = None) -> FleetReport:
    made = fleet_report(clusters, "en", configuration)
    assert fault(made, "fleet-report") is None
    return made


def on_nodes(*outcomes: Any, **changes: Any) -> Report:
    """A report on nodes with these outcomes of one requirement."""
    names = [f"node-{number}" for number in range(len(outcomes))]
    return report(
        *(
            result(outcome, subject={"apiVersion": "v1", "kind": "Node", "name": name}, **changes)
            for name, outcome in zip(names, outcomes, strict=True)
        ),
        features=[feature_row(name, kprobe="yes", perf="yes") for name in names],
    )


def test_the_exit_code_is_the_highest_of_all_clusters() -> None:
    fine, blocked = cluster("a", FINE), cluster("b", BLOCKED)
    assert fleet(fine)["exitCode"] == 0
    assert fleet(fine, blocked)["exitCode"] == 1
    assert fleet(fine, blocked, broken("c"))["exitCode"] == 2
    assert fleet(broken("c"), fine, broken("d", 3))["exitCode"] == 3


def test_the_worst_clusters_are_first() -> None:
    some = on_nodes("violation", "pass")
    made = fleet(
        cluster("fine-10", FINE),
        cluster("fine-9", FINE),
        cluster("losing", LOSING),
        cluster("some", some),
        cluster("blocked", BLOCKED),
        broken("broken"),
    )
    assert [one["name"] for one in made["clusters"]] == [
        *("broken", "blocked", "some", "losing", "fine-9", "fine-10")
    ]
    assert made["summary"]["states"] == {
        "error": 1,
        "do-not-deploy": 1,
        "blocked-on-some-nodes": 1,
        "cannot-tell": 0,
        "deployable-with-losses": 1,
        "deployable": 2,
    }


def test_features_are_lost_in_a_cluster_or_on_some_nodes_or_unknown() -> None:
    def states(of: Report) -> dict[str, tuple[str, int]]:
        return {one["feature"]: (one["state"], one["nodes"]) for one in cluster_features(of)}

    lost = states(BLOCKED)
    assert lost["AutoTagging"][0] == lost["AutoTracing of system calls"][0] == "lost"
    assert lost["AutoMetrics"][0] == "kept"
    some = states(on_nodes("violation", "violation", "pass"))
    assert some["AutoTagging"] == ("some", 2)
    assert states(on_nodes("violation", "violation"))["AutoTagging"] == ("lost", 2)
    assert states(on_nodes("violation", "pass", level="recommended"))["AutoTagging"] == (
        *("partly", 1),
    )
    assert states(report(result("unknown")))["AutoTagging"][0] == "unknown"
    assert states(on_nodes("violation", "pass", known=True))["AutoTagging"] == ("some", 1)
    # A kernel of which nothing is known may not support tracing.
    unknown = report(result("pass", subject={"kind": "Node", "name": "a"}))
    assert states(unknown)["AutoProfiling"][0] == "unknown"


def test_problems_and_kinds_of_nodes_are_counted_over_all_clusters() -> None:
    some = on_nodes("violation", "pass", "pass")
    made = fleet(cluster("a", some), cluster("b", some), cluster("c", BLOCKED))
    (problem,) = made["problems"]
    assert (problem["clusters"], problem["nodes"]) == (["c", "a", "b"], 2)
    assert problem["title"] == "hostPID is false"
    (kind,) = made["kinds"]
    assert (kind["nodes"], kind["blocked"], kind["clusters"]) == (6, 2, ["a", "b"])
    assert made["summary"]["nodes"] == 6
    assert made["summary"]["blockedNodes"] == 2


def test_a_problem_that_is_found_differently_is_named_by_its_requirement() -> None:
    other = report(result(observed="hostPID is not set"))
    (problem,) = fleet(cluster("a", BLOCKED), cluster("b", other))["problems"]
    assert problem["title"] == "not met: The agent shares the host's process namespace"


def test_open_questions_name_their_clusters() -> None:
    open_ = report(result("unknown"))
    (question,) = fleet(cluster("a", open_), cluster("b", open_), cluster("c", FINE))["notChecked"]
    assert (question["id"], question["clusters"]) == ("DF-K8S-001", ["a", "b"])
    assert question["required"]


def settings(**values: str) -> list[dict[str, str]]:
    return [
        {"object": "o", "path": path.replace("_", "-"), "value": value}
        for path, value in values.items()
    ]


def test_drift_shows_settings_that_deviate_from_most_clusters() -> None:
    made = fleet(
        *(
            cluster(
                f"c{number}",
                FINE,
                agentSettings=settings(
                    port=str(min(number, 1)),
                    own=str(number),
                    equal="1",
                    kubernetes_cluster_id=f"d-{number}",
                ),
            )
            for number in range(4)
        ),
        cluster("bare", FINE, agentSettings=settings(port="1", own="9", equal="1")),
        broken("broken"),
    )
    (only,) = made["drift"]
    assert (only["object"], only["setting"]) == ("o", "port")
    assert only["values"] == [
        {"value": "1", "clusters": ["bare", "c1", "c2", "c3"]},
        {"value": "0", "clusters": ["c0"]},
    ]
    assert made["shared"] == []


def test_clusters_of_other_charts_are_not_compared() -> None:
    def of_chart(name: str, chart: str, value: str) -> JudgedCluster:
        agents = [{**FINE["agents"][0], "chart": chart}]
        return cluster(name, FINE, agents=agents, agentSettings=settings(port=value))

    one, two = of_chart("a", "deepflow-agent-6.5.012", "1"), of_chart("b", "deepflow-7.0.0", "2")
    assert fleet(one, two)["drift"] == []
    newer = of_chart("c", "deepflow-agent-7.1.010", "3")
    (only,) = fleet(one, two, newer)["drift"]
    assert only["chart"] == "deepflow-agent"
    # A missing value is a difference too.
    bare = of_chart("d", "deepflow-agent-7.1.010", "1")
    bare["agentSettings"] = []
    (only,) = fleet(one, bare)["drift"]
    assert only["values"] == [
        {"value": None, "clusters": ["d"]},
        {"value": "1", "clusters": ["a"]},
    ]


def test_an_identity_of_several_clusters_is_reported() -> None:
    same = settings(kubernetes_cluster_id="d-1")
    other = settings(kubernetes_cluster_id="d-2")
    made = fleet(
        cluster("a", FINE, agentSettings=same),
        cluster("b", FINE, agentSettings=same),
        cluster("c", FINE, agentSettings=other),
    )
    assert made["shared"] == [
        {"setting": "kubernetes-cluster-id", "value": "d-1", "clusters": ["a", "b"]}
    ]
    assert made["drift"] == []


def test_a_waiver_of_the_fleet_is_unused_if_no_cluster_uses_it() -> None:
    def waiver(file: str, line: int) -> dict[str, Any]:
        terms = {"reason": "r", "owner": "o", "expires": "2030-01-31"}
        return {"id": "DF-K8S-001", "subject": "*", **terms, "file": file, "line": line}

    everywhere, once, own = waiver("f.yaml", 1), waiver("f.yaml", 2), waiver("a/d.yaml", 1)
    expired = waiver("f.yaml", 3)
    first = {"unused": [everywhere, once, own], "expired": [expired]}
    second = {"unused": [everywhere], "expired": [expired]}
    made = fleet(
        cluster("a", FINE, waivers=first),
        cluster("b", FINE, waivers=second),
        configuration="f.yaml",
    )
    assert made["waivers"] == {"unused": [everywhere], "expired": [expired]}
    assert [one["waivers"]["unused"] for one in made["clusters"]] == [[own], []]
