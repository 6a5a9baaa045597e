"""All results of one cause are one problem."""

from __future__ import annotations

from typing import Any

from dfpolicy.model import Problem, Result
from support.reports import node, report, result


def problems(*results: Result, **judged: Any) -> list[Problem]:
    return report(*results, **judged)["verdict"]["problems"]


def test_what_follows_from_a_requirement_is_one_problem_with_its_title() -> None:
    (problem,) = problems(
        result(id="DF-RBAC-001", observed="no nodes", cause="DF-RBAC-014"),
        result(id="DF-RBAC-014", observed="no binding", remediation="Bind it."),
        result("violation", "recommended", id="DF-RBAC-012", cause="DF-RBAC-014"),
    )
    assert problem["title"] == "no binding"
    assert problem["ids"] == ["DF-RBAC-014", "DF-RBAC-001", "DF-RBAC-012"]
    assert problem["changes"] == ["Bind it."]
    assert problem["effect"] == "blocks"


def test_parts_of_a_requirement_are_problems_that_it_leads() -> None:
    found = problems(
        result(id="DF-EBPF-011", cause="DF-KERNEL-001.A4b", **node("a")),
        result(id="DF-KERNEL-001", cause="DF-KERNEL-001.A4b", remediation="Upgrade.", **node("a")),
        result(id="DF-KERNEL-001", cause="DF-KERNEL-001.X1b", **node("b")),
    )
    assert [one["ids"] for one in found] == [["DF-KERNEL-001", "DF-EBPF-011"], ["DF-KERNEL-001"]]
    assert found[0]["changes"] == ["Upgrade."]


def test_causes_are_followed_to_the_first_and_may_be_circular() -> None:
    chain = [
        result(id="DF-X-001", cause="DF-X-002"),
        result(id="DF-X-002", cause="not-root"),
        result(id="DF-X-003", cause="not-root"),
    ]
    assert [problem["cause"] for problem in problems(*chain)] == ["not-root"]
    circle = [
        result(id="DF-X-001", cause="DF-X-002"),
        result(id="DF-X-002", cause="DF-X-001"),
    ]
    assert sum(len(problem["ids"]) for problem in problems(*circle)) == 2


def test_without_a_cause_each_requirement_is_its_own_problem() -> None:
    assert len(problems(result(id="DF-X-001"), result(id="DF-X-002"))) == 2
    assert len(problems(result(), result(observed="another"))) == 1


def test_everywhere_comes_before_some_nodes_and_more_nodes_before_fewer() -> None:
    def on(name: str, identifier: str) -> Result:
        return result(id=identifier, **node(name))

    found = problems(
        on("a", "DF-X-001"),
        *(on(name, "DF-X-002") for name in "abc"),
        *(result("pass", id="DF-X-004", **node(name)) for name in "abcd"),
        result(id="DF-X-003"),
        result("violation", "recommended", id="DF-X-005"),
    )
    assert [problem["ids"] for problem in found] == [
        *(["DF-X-003"], ["DF-X-002"], ["DF-X-001"], ["DF-X-005"])
    ]
    assert [problem.get("nodes", {}).get("count") for problem in found] == [None, 3, 1, None]


def test_a_loss_on_other_nodes_is_a_problem_of_its_own() -> None:
    blocking = result(cause="kernel", **node("a"))
    losing = [
        result("violation", "recommended", id="DF-X-001", cause="kernel", **node(name))
        for name in "ab"
    ]
    assert [one["effect"] for one in problems(blocking, *losing)] == ["blocks", "loses"]
    assert len(problems(blocking, losing[0])) == 1


def test_the_usual_finding_is_the_title_and_all_are_counted() -> None:
    found = [result(observed=f"kernel {number // 4}", **node(f"n{number}")) for number in range(6)]
    (problem,) = problems(*found)
    assert problem["title"] == "kernel 0"
    assert problem["differentFindings"] == 2
    assert [(one["observed"], one["count"]) for one in problem["findings"]] == [
        ("kernel 0", 4),
        ("kernel 1", 2),
    ]
