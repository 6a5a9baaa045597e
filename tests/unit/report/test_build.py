from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from dfpolicy.errors import InputError, NoAgentError
from dfpolicy.input import schemas
from dfpolicy.input.build import EvaluationInput, build_input
from dfpolicy.model import (
    Decision,
    DetectedMode,
    EngineName,
    Result,
    Subject,
    UnjudgedObject,
    Workload,
)
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source
from dfpolicy.report.build import build_report
from dfpolicy.report.waivers import Waiver

MODE: DetectedMode = {"name": "single-k8s", "source": "given", "reason": "", "candidates": []}
SUBJECT: Subject = {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "ns", "name": "a"}
TEXT = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\n---\nother: 1\n"


class Engine:
    name: EngineName = "wasm"
    bundle = "0123456789ab"

    def evaluate(self, document: dict[str, Any]) -> Any:
        raise NotImplementedError

    def features(self, document: dict[str, Any]) -> Any:
        raise NotImplementedError


def built(text: str = TEXT) -> EvaluationInput:
    return build_input(list(split(Source("f", text))))


def decision(*results: Result, agents: bool = True) -> Decision:
    agent: Workload = {"subject": SUBJECT, "role": "collector", "image": "i", "version": None}
    return {
        "agents": [agent] if agents else [],
        "features": [],
        "mode": MODE,
        "results": list(results),
    }


def result(outcome: str, **changes: Any) -> Result:
    base = {
        "id": "DF-K8S-001",
        "outcome": outcome,
        "level": "required",
        "group": "kubernetes-info",
        "subject": SUBJECT,
        "observed": "o",
        "expected": "e" if outcome == "violation" else "",
        "message": "m",
        "impact": [],
        "remediation": "r",
        "title": "t",
    }
    collect = {"collect": "c"} if outcome == "unknown" else {}
    return cast(Result, base | collect | changes)


def test_a_report_fits_its_schema() -> None:
    every_node = {"kind": "Node", "name": "*"}
    made = decision(result("violation"), result("pass"), result("unknown", subject=every_node))
    report = build_report(built(), made, Engine())
    assert schemas.first_error(report, "report") is None
    assert (report["verdict"]["outcome"], report["exitCode"]) == ("violation", 1)
    assert report["dfpolicy"]["bundle"] == Engine.bundle
    assert report["ignored"] == [{"file": "f", "document": 2, "line": 5}]
    assert report["results"][0]["location"] == {"file": "f", "document": 1, "line": 1}
    assert "location" not in report["results"][2]
    assert "location" not in made["results"][0]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("v.yaml", "deepflowServerNodeIPS: [a]", "values of a Helm chart"),
        ("d/Chart.yaml", "{apiVersion: v2, name: a, version: 1.0.0}", "the description of a Helm"),
        ("helmfile.yaml", "releases: []", "a helmfile"),
    ],
)
def test_what_has_to_be_rendered_is_named_without_an_agent(name: str, text: str, told: str) -> None:
    ignored = build_input(list(split(Source(name, text))))
    with pytest.raises(NoAgentError, match=rf"{name}:1: .* but {told}.*; render it: .*dfpolicy"):
        build_report(ignored, decision(agents=False), Engine())


def test_an_object_that_is_not_judged_is_named() -> None:
    text = TEXT.partition("---")[0]
    unjudged: list[UnjudgedObject] = [{"subject": SUBJECT, "command": "render a"}]
    with pytest.raises(NoAgentError, match="f:1: no DeepFlow agent, but the DaemonSet a installs"):
        build_report(built(text), {**decision(agents=False), "unjudged": unjudged}, Engine())
    made: Decision = {**decision(result("pass")), "unjudged": unjudged}
    report = build_report(built(text), made, Engine())
    assert schemas.first_error(report, "report") is None
    assert report["unjudged"] == unjudged
    with pytest.raises(
        InputError, match=r"f:1: .* is not judged \(--strict\); render it: render a"
    ):
        build_report(built(text), made, Engine(), strict=True)


def test_a_server_in_compose_is_judged_without_an_agent() -> None:
    server: Workload = {"subject": SUBJECT, "role": "server", "image": "i", "version": None}
    made: Decision = {**decision(result("pass"), agents=False), "servers": [server]}
    report = build_report(built(), made, Engine())
    assert schemas.first_error(report, "report") is None
    assert report["servers"] == [server]


def test_options_reach_the_exit_code() -> None:
    violated = decision(result("violation", level="recommended"))
    assert build_report(built(), violated, Engine())["exitCode"] == 0
    assert build_report(built(), violated, Engine(), "recommended")["exitCode"] == 1
    unknown = decision(result("unknown"))
    text = TEXT.partition("---")[0]
    assert build_report(built(text), unknown, Engine())["exitCode"] == 0
    assert build_report(built(text), unknown, Engine(), strict=True)["exitCode"] == 1


def test_waived_results_do_not_count() -> None:
    def waiver(identifier: str, line: int, expires: date = date(2026, 5, 31)) -> Waiver:
        return Waiver(identifier, "DaemonSet/ns/*", "r", "o", expires, "c.yaml", line)

    waivers = (
        waiver("DF-K8S-001", 1),
        waiver("DF-K8S-002", 2),
        waiver("DF-K8S-001", 3, date(2026, 5, 30)),
    )
    made = decision(result("violation"), result("pass", id="DF-K8S-002"))
    report = build_report(
        *(built(), made, Engine()),
        waivers=waivers,
        configuration="c.yaml",
        day=date(2026, 5, 31),
    )
    assert schemas.first_error(report, "report") is None
    assert (report["verdict"]["outcome"], report["exitCode"]) == ("pass", 0)
    assert report["summary"]["waived"] == 1
    assert report["configuration"] == "c.yaml"
    told = [(item["outcome"], item.get("waiver")) for item in report["results"]]
    terms = {"reason": "r", "owner": "o", "expires": "2026-05-31"}
    assert told == [("violation", terms), ("pass", None)]
    assert [item["line"] for item in report["waivers"]["unused"]] == [2]
    assert [item["line"] for item in report["waivers"]["expired"]] == [3]


@pytest.mark.parametrize(
    ("made", "strict", "part"),
    [
        (decision(result("pass"), agents=False), False, "no DeepFlow agent in the input"),
        (decision(), False, "no requirement applies to this input"),
        (decision(result("pass")), True, "f:5: 1 document without apiVersion and kind"),
    ],
)
def test_what_cannot_be_judged(made: Decision, strict: bool, part: str) -> None:
    with pytest.raises(InputError) as error:
        build_report(built(), made, Engine(), strict=strict)
    assert part in str(error.value)


@pytest.mark.parametrize(
    ("release", "running", "refused"),
    [
        ({"resources": [{}]}, [], True),
        ({"resources": []}, [], True),
        ({"resources": [], "version": "v6.5.8"}, [], False),
        ({"resources": [{}]}, [{"subject": SUBJECT, "role": "server"}], False),
    ],
)
def test_a_running_release_has_an_agent_or_a_server(
    release: dict[str, Any], running: list[Workload], refused: bool
) -> None:
    given = built()
    given.data["from"] = release
    told: Decision = {**decision(result("pass")), "running": running}
    if refused:
        with pytest.raises(InputError, match="no DeepFlow agent or server in the running release"):
            build_report(given, told, Engine())
    else:
        assert build_report(given, told, Engine())["running"] == running
