from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dfpolicy.i18n.language import speaking
from dfpolicy.input import schemas
from dfpolicy.model import FailOn, Report, Result, State
from dfpolicy.pipeline import spoken
from dfpolicy.report import verdict
from dfpolicy.report.verdict import FAIL_ON, partly_blocked_nodes, requirements_of
from support.inputs import PROPERTY
from support.reports import WAIVER, feature_row, node, report, reports, result

LOSSLESS: dict[str, Any] = {"impact": []}


def on_node(name: str, *outcome: Any, **changes: Any) -> Result:
    return result(*outcome, **(node(name) | {"location": None} | changes))


STATES: list[tuple[State, bool, int, list[Result], dict[str, Any]]] = [
    ("deployable", False, 0, [result("pass")], {}),
    ("deployable", False, 0, [result("violation", "informational")], {}),
    ("deployable", False, 0, [result("violation", "recommended", **LOSSLESS)], {}),
    ("deployable", False, 0, [result(waiver=WAIVER)], {}),
    ("deployable", False, 0, [result(known=True)], {}),
    ("deployable", False, 0, [result("unknown", "recommended")], {"strict": True}),
    ("deployable", True, 0, [result("unknown")], {}),
    ("deployable-with-losses", False, 0, [result("violation", "recommended")], {}),
    ("deployable-with-losses", False, 0, [result()], {"fail_on": "none"}),
    (
        *("deployable-with-losses", True, 0),
        [result("violation", "recommended"), result("unknown", id="DF-K8S-002")],
        {},
    ),
    ("cannot-tell", False, 1, [result("unknown")], {"strict": True}),
    ("cannot-tell", False, 1, [result("unknown")], {"strict": True, "fail_on": "none"}),
    ("do-not-deploy", False, 1, [result()], {}),
    ("do-not-deploy", False, 1, [result(), result("unknown")], {"strict": True}),
    ("do-not-deploy", False, 1, [result("violation", "recommended")], {"fail_on": "recommended"}),
    ("do-not-deploy", False, 1, [on_node("a"), on_node("b")], {}),
    ("do-not-deploy", False, 1, [on_node("*")], {}),
    ("do-not-deploy", False, 1, [on_node("a"), on_node("b", "pass"), result(id="DF-X-001")], {}),
    ("blocked-on-some-nodes", False, 1, [on_node("a"), on_node("b", "pass")], {}),
]


@pytest.mark.parametrize(("state", "so_far", "code", "results", "judged"), STATES)
def test_states(
    state: State, so_far: bool, code: int, results: list[Result], judged: dict[str, Any]
) -> None:
    made = report(*results, **judged)
    found = made["verdict"]
    assert (found["state"], found["soFar"], found["exitCode"]) == (state, so_far, code)
    assert made["exitCode"] == code
    assert schemas.first_error(made, "report") is None


def test_each_requirement_counts_once_by_its_worst_effect() -> None:
    found = report(
        *(on_node(f"n{number}", "unknown", id="DF-X-001") for number in range(9)),
        *(on_node(f"n{number}", id="DF-X-002") for number in range(9)),
        on_node("n9", "pass", id="DF-X-002"),
        result("violation", "recommended", id="DF-X-003"),
        result("violation", "recommended", id="DF-X-003", impact=[]),
        result(waiver=WAIVER, id="DF-X-004"),
        result("pass", id="DF-X-004"),
        result("pass", id="DF-X-005"),
    )["verdict"]
    counts = {"blocks": 1, "loses": 1, "notes": 0, "notChecked": 1, "accepted": 1, "met": 1}
    assert found["counts"] == counts | {"requirements": 5}
    assert (found["notChecked"]["requirements"], found["notChecked"]["required"]) == (1, 1)


@settings(PROPERTY, max_examples=100)
@given(reports())
def test_the_exit_code_is_that_of_the_results(made: Report) -> None:
    found = made["verdict"]
    failing = {"violation", "unknown"} if found["strict"] else {"violation"}
    assert made["exitCode"] == (verdict.outcome(made["results"], found["failOn"]) in failing)
    assert made["exitCode"] == any(entry.fails for entry in requirements_of(made).values())
    counts = cast("dict[str, int]", {**found["counts"]})
    assert counts.pop("requirements") == sum(counts.values())
    numbers = [problem["number"] for problem in found["problems"]]
    assert numbers == [*range(1, len(numbers) + 1)]
    effects = [problem["effect"] for problem in found["problems"]]
    assert effects == sorted(effects)
    names = [name for kind in found["nodes"]["kinds"] for name in kind["names"]]
    assert len(names) == len(set(names)) == found["nodes"]["judged"]
    assert partly_blocked_nodes(found) <= len(names)


@given(st.lists(st.sampled_from(["violation", "unknown", "pass"]), min_size=1))
def test_a_stricter_fail_on_never_lowers_the_exit_code(outcomes: list[Any]) -> None:
    found = [result(outcome, "recommended") for outcome in outcomes]
    lines: list[FailOn] = ["none", "required", "recommended"]
    codes = [report(*found, fail_on=line)["exitCode"] for line in lines]
    assert codes == sorted(codes)
    assert set(lines) == set(FAIL_ON)


def test_a_translated_report_has_a_translated_verdict() -> None:
    made = report(result("violation", "recommended", impact=["All features"]))
    chinese = spoken(made, "zh")["verdict"]
    assert chinese["problems"][0]["features"] == ["All features"]
    assert chinese["problems"][0]["impact"] != ["All features"]
    assert chinese["counts"] == made["verdict"]["counts"]
    with speaking("en"):
        assert spoken(spoken(made, "zh"), "en")["verdict"] == made["verdict"]


def test_next_commands_name_the_files_of_the_user() -> None:
    detected = {"name": "single-k8s", "source": "detected", "reason": "", "candidates": []}

    def commands(sources: list[str], *results: Result, **changes: Any) -> dict[str, list[str]]:
        invocation = {"command": "eval", "sources": sources, "facts": [], **changes}
        found = report(*results, invocation=invocation, mode=detected)["verdict"]["next"]
        return cast("dict[str, list[str]]", found)

    unknown = result("unknown")
    assert commands(["a b.yaml"], unknown)["check"] == ["dfpolicy check --deep 'a b.yaml'"]
    piped = commands(["-"], unknown)
    assert piped["check"] == ["helm template ... | dfpolicy check --deep -"]
    assert piped["elsewhere"][1].startswith("helm template ... | dfpolicy eval - --facts ")
    assert commands([f"{number}.yaml" for number in range(9)], unknown)["check"][0].endswith(
        " 0.yaml 1.yaml 2.yaml ..."
    )
    assert commands(["a"], unknown, command="check --deep") == {}
    some = [on_node("a"), on_node("b", "pass")]
    assert commands(["a.yaml"], *some)["accept"] == [
        'dfpolicy waive DF-K8S-001 --reason "..." --owner "..." a.yaml'
    ]
    assume = commands(["a.yaml"], *some, options=["--assume", "agentVersion=v7.1"])
    assert assume["accept"][0].endswith(' --owner "..."')
    assert commands(["a"], unknown, facts=list("bcde"))["elsewhere"][1].endswith(
        "dfpolicy eval a --facts b --facts c --facts d ... --facts facts.yaml"
    )
    assert "accept" not in commands(["a.yaml"], *(one | {"id": "DF-K8S-003"} for one in some))
    assert commands(["a.yaml"], result()) == {}


def test_next_commands_repeat_only_the_options_that_each_command_accepts() -> None:
    def commands(command: str, mode: str, *options: str, **changes: Any) -> Any:
        sources = [] if changes else ["a.yaml"]
        given = {"command": command, "sources": sources, "facts": [], "options": options}
        detected = {"name": mode, "source": "detected", "reason": "", "candidates": []}
        return report(
            *(on_node("a"), on_node("b", "pass"), result("unknown", id="DF-K8S-003")),
            invocation={**given, **changes},
            mode=detected,
        )["verdict"]["next"]

    cluster = ("--context", "my prod", "--as", "auditor")
    assert commands("check", "single-k8s", *cluster, "--baseline", "b", "--config", "c") == {
        "check": [
            "dfpolicy check --deep a.yaml --context 'my prod' --as auditor --baseline b --config c"
        ],
        "elsewhere": [
            "dfpolicy collect cluster --deep -o yaml=facts.yaml --context 'my prod' --as auditor",
            "dfpolicy eval a.yaml --facts facts.yaml --baseline b --config c",
        ],
        "accept": ['dfpolicy waive DF-K8S-001 --reason "..." --owner "..." --config c'],
    }
    upgrade = commands("eval", "upgrade", "--from", "old.yaml", "--from", "v6.5.8")
    assert upgrade["check"] == ["dfpolicy check --deep a.yaml --mode upgrade"]
    assert upgrade["elsewhere"][1] == "dfpolicy eval a.yaml --from facts.yaml --from v6.5.8"
    chart = {"reference": "./chart", "values": ["v.yaml"], "flags": ["--helm-set"]}
    rendered = commands("eval", "single-k8s", chart=chart)["elsewhere"][1]
    assert rendered == "dfpolicy eval --helm ./chart -f v.yaml --helm-set ... --facts facts.yaml"
    named = {
        "release": "r",
        "values": ["my v.yaml"],
        "flags": ["--release"],
        "reference": "./chart",
    }
    own = commands("eval", "single-k8s", "--namespace", "ns", chart=named)
    assert own["check"] == [
        "helm template r ./chart -n ns -f 'my v.yaml' | dfpolicy check --deep - --namespace ns"
    ]
    assert own["accept"] == ['dfpolicy waive DF-K8S-001 --reason "..." --owner "..."']


def test_what_only_the_server_knows_has_its_own_command() -> None:
    asked = "deepflow-ctl agent-group-config list -o yaml"
    group = result("unknown", id="DF-CNI-005", collect=asked)
    invocation = {"command": "eval", "sources": ["a.yaml"], "facts": []}
    found = report(group, invocation=invocation)["verdict"]
    assert found["next"] == {"server": [asked]}
    assert found["notChecked"]["server"]["ids"] == ["DF-CNI-005"]
    both = report(group, result("unknown"), invocation=invocation)["verdict"]["next"]
    assert (both["check"], both["server"]) == (
        ["dfpolicy check --deep a.yaml --mode single-k8s"],
        [asked],
    )


def test_nodes_of_equal_kernel_and_problems_are_one_kind() -> None:
    rows = [feature_row(f"n{number}", kernelRelease=f"5.{number % 2}") for number in range(20)]
    results = [on_node(f"n{number}", "violation" if number < 2 else "pass") for number in range(20)]
    nodes = report(*results, features=rows)["verdict"]["nodes"]
    assert [kind["names"] for kind in nodes["kinds"]] == [
        ["n0"],
        ["n1"],
        [f"n{number}" for number in range(2, 20, 2)],
        [f"n{number}" for number in range(3, 20, 2)],
    ]
    assert [kind["problems"] for kind in nodes["kinds"]] == [[1], [1], [], []]
