"""From everything that an agent can have, the least that the wanted features need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from tools.dev import opa
from tools.dev.paths import SCHEMAS

from dfpolicy.input.schemas import first_error
from dfpolicy.report.impacts import FEATURES as REPORTED
from dfpolicy.report.impacts import implied
from support import agents, changes, decisions
from support.decisions import Json

FEATURES = {
    "AutoMetrics": ["AutoMetrics"],
    "and AutoTagging": ["AutoMetrics", "AutoTagging"],
    "and AutoTracing": ["AutoMetrics", "AutoTagging", "AutoTracing of system calls"],
    "and uprobes": ["AutoMetrics", "AutoTagging", "AutoTracing"],
    "and AutoProfiling": ["AutoMetrics", "AutoTagging", "AutoTracing", "AutoProfiling"],
    "all": ["all"],
}
OF_METRICS = {"SYS_PTRACE", "NET_RAW", "NET_ADMIN", "IPC_LOCK"}
# The capabilities and host paths of the smallest securityContext for these features.
LEAST = {
    "AutoMetrics": (OF_METRICS, set()),
    "and AutoTagging": ({*OF_METRICS, "SYS_ADMIN"}, {"/var/run/netns"}),
    "and AutoTracing": (
        {*OF_METRICS, "SYS_ADMIN", "SYS_RESOURCE"},
        {"/var/run/netns", "/sys/kernel/debug"},
    ),
    "and uprobes": (
        {*OF_METRICS, "SYS_ADMIN", "SYS_RESOURCE"},
        {"/var/run/netns", "/sys/kernel/debug"},
    ),
    "and AutoProfiling": (
        {*OF_METRICS, "SYS_ADMIN", "SYS_RESOURCE", "SYSLOG"},
        {"/var/run/netns", "/sys/kernel/debug"},
    ),
    "all": (
        {*OF_METRICS, "SYS_ADMIN", "SYS_RESOURCE", "SYSLOG"},
        {"/var/run/netns", "/sys/kernel/debug"},
    ),
}


def test_losing_one_feature_means_losing_another_in_reports_as_in_rego() -> None:
    """Both say it: the policies by `lib/privileges`, the reports by `report/impacts`."""
    schema = json.loads((SCHEMAS / "requirement.schema.json").read_text("utf-8"))
    names = schema["$defs"]["impact"]["items"]["enum"]
    query = """{[want, lost] |
        some want in input.wanted
        some lost in input.lost
        data.dfpolicy.lib.privileges.wanted([lost]) with input as {"parameters": {"want": [want]}}
    }"""
    told = opa.evaluated(query, {"wanted": [*REPORTED], "lost": names})
    assert {tuple(pair) for pair in told} == {
        (want, lost) for want in REPORTED for lost in names if implied([want]) & implied([lost])
    }


def _mounted(document: Json) -> set[str]:
    return {mount["mountPath"] for mount in agents.container(document)["volumeMounts"]}


@pytest.mark.parametrize("name", FEATURES)
def test_least_privileges(name: str) -> None:
    """From an agent with every privilege; taking away one more costs a wanted feature."""
    least = changes.least(agents.generous(), FEATURES[name])
    decision = decisions.decide(least)
    assert first_error(decision, "decision") is None
    capabilities, paths = LEAST[name]
    assert set(agents.added(least)) == capabilities
    assert _mounted(least) == {"/etc/deepflow-agent", *paths}
    assert "privileged" not in agents.context(least)
    assert not agents.pod(least).get("hostIPC")
    assert changes.wanted(decision) == []
    assert changes.needless(least) == []


def test_a_second_minimum_has_a_pair_of_capabilities_and_the_host_network() -> None:
    want = ["AutoMetrics", "AutoTracing of system calls"]
    by_pair, by_one = (
        changes.least(agents.generous(), want, prefer) for prefer in ("host-network", "sys-admin")
    )
    for least in (by_pair, by_one):
        assert changes.wanted(decisions.decide(least)) == []
        assert changes.needless(least) == []
    assert set(agents.added(by_pair)) - set(agents.added(by_one)) == {"BPF", "PERFMON"}
    assert set(agents.added(by_one)) - set(agents.added(by_pair)) == {"SYS_ADMIN"}
    assert agents.pod(by_pair)["hostNetwork"]
    assert "hostNetwork" not in agents.pod(by_one)


def test_roles_are_reduced_to_what_is_read() -> None:
    document = agents.generous()
    administrator = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "administrator"},
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "ClusterRole",
            "name": "cluster-admin",
        },
        "subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "namespace": "deepflow"}],
    }
    document["resources"].append(administrator)
    for want, rights in (("AutoMetrics", set()), ("AutoTagging", {"get", "list", "watch"})):
        least = changes.least(document, [want])
        (role,) = agents.of_kind(least, "ClusterRole")
        assert {verb for rule in role["rules"] for verb in rule["verbs"]} == rights
        assert all("*" not in rule["resources"] for rule in role["rules"])
        assert least["resources"][-1]["subjects"] == []


def test_results_say_what_is_wanted_only_if_features_are_asked_for() -> None:
    document = agents.meeting("single-k8s")
    agents.pod(document)["containers"][0]["volumeMounts"] = []
    plain = decisions.decide(document)
    assert "reductions" not in plain
    assert not any("wanted" in one for one in plain["results"])
    asked = decisions.decide({**document, "parameters": {"want": ["AutoMetrics"]}})
    said = {one["id"]: one["wanted"] for one in asked["results"] if "wanted" in one}
    assert said["DF-EBPF-005"] is False
    assert {one["outcome"] for one in asked["results"] if "wanted" not in one} == {"pass"}


def test_a_service_of_compose_loses_what_the_documented_one_does_not_have() -> None:
    document = agents.meeting("legacy-host")
    service = agents.service(document)
    service.update(privileged=True, ipc="host", cap_add=[*service["cap_add"], "ALL"])
    service["volumes"].append("/:/host:ro")
    least = agents.service(changes.least(document, ["all"]))
    expected = agents.service(agents.meeting("legacy-host"))
    assert set(least["cap_add"]) == set(expected["cap_add"])
    assert sorted(least["volumes"]) == sorted(expected["volumes"])
    assert not {"privileged", "ipc"} & least.keys()


@pytest.mark.parametrize("name", ["and AutoTracing", "and uprobes", "and AutoProfiling", "all"])
def test_real_kernels_allow_what_the_minimum_is_for(name: str) -> None:
    """A kernel with exactly these capabilities refused no attempt of a wanted feature."""
    answers = yaml.safe_load(Path(__file__).with_name("kernel_answers.yaml").read_text("utf-8"))
    seven = LEAST["all"][0]
    capabilities = LEAST[name][0]
    refused = [
        {answers["features"].get(attempt, "") for attempt in case["refused"]}
        for case in answers["cases"]
        if not case.get("given", {}).keys() - {"add"}
        and set(case.get("given", {}).get("add", seven)) == capabilities
    ]
    assert refused
    wanted = implied(["All features"] if name == "all" else FEATURES[name])
    assert set().union(*refused) & wanted == set()
