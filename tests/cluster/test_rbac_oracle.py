"""DF-RBAC against the authorizer of Kubernetes: the same roles and bindings, the same answers.

Objects that the server refuses are left out of a set, because they never reach a cluster.
"""

from __future__ import annotations

import itertools
import re
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest
import yaml

from cluster.api_server import ApiServer, in_parallel
from cluster.rbac_sets import BUILT_IN, ELSEWHERE, RBAC, RbacSet, generate
from cluster.seed import chosen
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.model import JsonObject
from support.inputs import deployment

SETS = 360
WRITING = ("get", "patch", "update")
DISCOVERY = ("/version", "/api", "/apis")
EXTENSIONS = ("extensions", "ingresses")
# The requirements on one resource each.
RESOURCES = {
    "DF-RBAC-001": ("", "nodes"),
    "DF-RBAC-002": ("", "namespaces"),
    "DF-RBAC-003": ("", "configmaps"),
    "DF-RBAC-004": ("", "services"),
    "DF-RBAC-005": ("", "pods"),
    "DF-RBAC-006": ("", "replicationcontrollers"),
    "DF-RBAC-007": ("apps", "daemonsets"),
    "DF-RBAC-008": ("apps", "deployments"),
    "DF-RBAC-009": ("apps", "replicasets"),
    "DF-RBAC-010": ("apps", "statefulsets"),
    "DF-RBAC-011": ("networking.k8s.io", "ingresses"),
    "DF-RBAC-012": ("route.openshift.io", "routes"),
}
# The ways in which the role and binding that let everyone discover the API can be changed.
DISCOVERY_CHANGES: dict[str, dict[str, JsonObject]] = {
    "nothing changed": {"ClusterRole": {}, "ClusterRoleBinding": {}},
    "no rules": {"ClusterRole": {"rules": []}},
    "no subjects": {"ClusterRoleBinding": {"subjects": []}},
    "another subject": {
        "ClusterRoleBinding": {"subjects": [{"kind": "Group", "name": "system:masters"}]}
    },
    "other URLs": {"ClusterRole": {"rules": [{"nonResourceURLs": ["/api/*"], "verbs": ["get"]}]}},
    "another verb": {"ClusterRole": {"rules": [{"nonResourceURLs": ["*"], "verbs": ["head"]}]}},
    "granted otherwise": {"ClusterRole": {"rules": []}, "own": {}},
}
_ABSENT = re.compile(r'(?:cluster)?role\.rbac\.authorization\.k8s\.io "([^"]+)" not found')
_sentinels = itertools.count()


@dataclass(frozen=True)
class Answers:
    """The answers of the server's authorizer for the account of a set."""

    denied: dict[tuple[str, str], list[str]]
    unwritten: list[str]
    hidden: list[str]
    # Roles that a binding of the account names and that do not exist.
    absent: set[str]
    absent_in_namespace: set[str]


@pytest.fixture(scope="module")
def engine() -> WasmEngine:
    return WasmEngine()


@pytest.fixture(scope="module")
def server(api_server: ApiServer) -> ApiServer:
    assert api_server.create(_namespace(ELSEWHERE)).ok
    api_server.aggregate()
    return api_server


def test_policy_and_authorizer_agree(server: ApiServer, engine: WasmEngine) -> None:
    seed = chosen()
    sets = [generate(seed, number) for number in range(SETS)]
    alone = [one for one in sets if one.leaks]
    # First those that affect the accounts of others, one at a time, and deleted afterwards.
    asked = [each for one in alone for each in _asked(server, [one])]
    asked += _asked(server, [one for one in sets if not one.leaks])
    wrong = {}
    outcomes: dict[str, int] = {}
    for accepted, answers in asked:
        results = _results(engine, accepted)
        for result in results.values():
            outcomes[result["outcome"]] = outcomes.get(result["outcome"], 0) + 1
        differences = _differences(accepted, answers, results)
        if differences:
            wrong[accepted.name] = (accepted, differences)
    kept = sum(len(accepted.documents) for accepted, _ in asked)
    stated = sum(len(one.documents) for one in sets)
    print(f"{len(asked)} sets, {len(alone)} of them alone; {stated - kept} of {stated} refused")
    print(outcomes)
    # Too few of a kind would prove nothing.
    assert min(outcomes[name] for name in ("pass", "violation", "unknown")) > SETS / 3
    told = [_report(server, engine, *each) for each in list(wrong.values())[:3]]
    assert not wrong, f"{len(wrong)} sets of seed {seed}: {' '.join(wrong)}\n" + "\n".join(told)


@pytest.mark.parametrize("name", DISCOVERY_CHANGES)
def test_discovery_that_is_removed(server: ApiServer, engine: WasmEngine, name: str) -> None:
    changes = DISCOVERY_CHANGES[name]
    documents = [
        document | changes[kind] for kind, document in _discovery().items() if kind in changes
    ]
    own = {"nonResourceURLs": ["/ap*"], "verbs": ["get"]}
    if "own" in changes:
        documents += [_role("rbac-own", [own]), _binding("rbac-own", "agent", "rbac-own")]
    kept = {kind: server.get(document).body for kind, document in _discovery().items()}
    one = RbacSet("rbac-own", "agent", documents)
    try:
        ((accepted, answers),) = _asked(server, [one])
    finally:
        for kind, document in _discovery().items():
            key = "rules" if kind == "ClusterRole" else "subjects"
            assert server.apply(document | {key: kept[kind][key]}).ok
    assert len(accepted.documents) == len(documents)
    assert bool(answers.hidden) == ("own" not in changes and name != "nothing changed")
    assert not _differences(accepted, answers, _results(engine, accepted))


@pytest.mark.parametrize("name", BUILT_IN)
def test_roles_of_every_cluster(server: ApiServer, engine: WasmEngine, name: str) -> None:
    one = RbacSet("rbac-built-in", "agent", [_binding("rbac-built-in", "agent", name)])
    ((accepted, answers),) = _asked(server, [one])
    assert not answers.absent
    assert not _differences(accepted, answers, _results(engine, accepted))


def test_a_role_that_the_policies_do_not_know_is_unknown(
    server: ApiServer, engine: WasmEngine
) -> None:
    one = RbacSet("rbac-node", "agent", [_binding("rbac-node", "agent", "system:node")])
    ((accepted, answers),) = _asked(server, [one])
    results = _results(engine, accepted)
    assert answers.denied[("", "nodes")] == []
    assert {results[identifier]["outcome"] for identifier in RESOURCES} == {"unknown"}


# Requests to the server


def _asked(server: ApiServer, sets: list[RbacSet]) -> list[tuple[RbacSet, Answers]]:
    """Apply the sets together, query each, and delete them."""
    in_parallel(lambda one: server.create(_namespace(one.namespace)), sets)
    accepted = in_parallel(lambda one: _applied(server, one), sets)
    if any("aggregationRule" in each for one in accepted for each in one.documents) or any(
        one.leaks for one in accepted
    ):
        server.aggregate()
    _settle(server)
    answers = in_parallel(lambda one: _answers(server, one), accepted)
    in_parallel(lambda one: _deleted(server, one), sets)
    if any(one.leaks for one in accepted):
        server.aggregate()
    _settle(server)
    return list(zip(accepted, answers, strict=True))


def _applied(server: ApiServer, one: RbacSet) -> RbacSet:
    kept = [document for document in one.documents if server.apply(document).ok]
    return replace(one, documents=kept)


def _deleted(server: ApiServer, one: RbacSet) -> None:
    for document in one.documents:
        server.delete(document)
    server.delete(_namespace(one.namespace))


def _settle(server: ApiServer) -> None:
    """Wait until the authorizer has seen everything that was written before.

    It watches four kinds, each in the order of writing: the object written last is seen last.
    """
    user = f"sentinel-{next(_sentinels)}"
    rule = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    subject = {"kind": "User", "name": user, "apiGroup": RBAC}
    documents: list[JsonObject] = []
    for prefix, verb in (("Cluster", "get"), ("", "list")):
        place = {} if prefix else {"namespace": "default"}
        metadata = {"name": user, **place}
        common = {"apiVersion": f"{RBAC}/v1", "metadata": metadata}
        reference = {"apiGroup": RBAC, "kind": f"{prefix}Role", "name": user}
        documents += [
            common | {"kind": f"{prefix}Role", "rules": [rule | {"verbs": [verb]}]},
            common | {"kind": f"{prefix}RoleBinding", "roleRef": reference, "subjects": [subject]},
        ]
    for document in documents:
        assert server.create(document).ok
    place = {"resource": "pods", "namespace": "default"}
    for _ in range(2000):
        if all(server.access(user, [], verb=verb, **place)["allowed"] for verb in ("get", "list")):
            break
    else:
        pytest.fail("the authorizer does not see what is created")
    for document in documents:
        server.delete(document)


def _answers(server: ApiServer, one: RbacSet) -> Answers:
    absent: set[str] = set()
    absent_in_namespace: set[str] = set()

    def allowed(found: set[str], **attributes: str) -> bool:
        status = server.access(one.user, one.groups, **attributes)
        found.update(_ABSENT.findall(status.get("reason", "")))
        return bool(status["allowed"])

    def verbs_denied(group: str, resource: str) -> list[str]:
        # A get always names an object; here the name is in no rule.
        place = {"group": group, "resource": resource}
        granted = {"get": allowed(absent, verb="get", name="any", **place)}
        granted |= {verb: allowed(absent, verb=verb, **place) for verb in ("list", "watch")}
        return [verb for verb in granted if not granted[verb]]

    denied = {each: verbs_denied(*each) for each in [*RESOURCES.values(), EXTENSIONS]}
    own = {"group": "apps", "resource": "daemonsets", "name": "deepflow-agent"}
    unwritten = [
        verb
        for verb in WRITING
        if not allowed(absent_in_namespace, verb=verb, namespace=one.namespace, **own)
    ]
    hidden = [path for path in DISCOVERY if not allowed(absent, verb="get", path=path)]
    return Answers(denied, unwritten, hidden, absent, absent_in_namespace)


# Evaluation by the policies


def _results(engine: WasmEngine, one: RbacSet) -> dict[str, Any]:
    workload = next(each for each in deployment() if each["kind"] == "DaemonSet")
    workload["metadata"]["namespace"] = one.namespace
    workload["spec"]["template"]["spec"]["serviceAccountName"] = one.account
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": one.account, "namespace": one.namespace},
    }
    resources = deepcopy([workload, account, *one.documents])
    document: JsonObject = {
        "mode": "single-k8s",
        "resources": resources,
        "nodes": [],
        **one.settings,
    }
    if one.implicit:
        document["release"] = {"namespace": one.namespace}
        for resource in resources:
            if resource["metadata"].get("namespace") == one.namespace:
                del resource["metadata"]["namespace"]
    decision = engine.evaluate(document)
    found = {}
    for result in decision["results"]:
        if result["id"].startswith("DF-RBAC-"):
            assert result["id"] not in found
            found[result["id"]] = result
    return found


# Comparison


def _differences(one: RbacSet, answers: Answers, results: dict[str, Any]) -> list[str]:
    if not one.documents:
        # Without any role or binding the input says nothing about access.
        return [key for key in RESOURCES if results[key]["outcome"] != "unknown"]
    found = []
    for identifier, subject in RESOURCES.items():
        denied = answers.denied[subject]
        result = results[identifier]
        expected = _expected(one, identifier, answers)
        if denied and result["outcome"] == "unknown" and _empty_aggregate(one, result):
            # The input does not show what the aggregation would collect.
            expected = {"outcome": "unknown", "level": "required"}
        told = {key: result[key] for key in ("outcome", "level")}
        if expected["outcome"] == told["outcome"] == "violation":
            expected["denied"] = denied
            told["denied"] = _told(one, result, subject[1])
        if told != expected:
            words = f"is {told}, and should be {expected}"
            found.append(f"{identifier}: {result['observed']!r} {words}")
    return [*found, *_further(one, answers, results)]


def _expected(one: RbacSet, identifier: str, answers: Answers) -> JsonObject:
    denied = answers.denied[RESOURCES[identifier]]
    spec = one.settings.get("cluster", {}).get("spec", {})
    minor = int(spec.get("version", "v1.99").split(".")[1])
    of_extensions = identifier == "DF-RBAC-011" and not answers.denied[EXTENSIONS]
    if not denied or (of_extensions and minor < 14):
        return {"outcome": "pass", "level": "required"}
    if answers.absent:
        return {"outcome": "unknown", "level": "required"}
    mild = of_extensions and minor < 22
    if identifier == "DF-RBAC-012":
        strict = one.settings.get("profile") == "strict"
        mild = not strict and spec.get("distribution") != "openshift"
    return {"outcome": "violation", "level": "recommended" if mild else "required"}


def _told(one: RbacSet, result: JsonObject, resource: str) -> list[str]:
    """The verbs that the policy reports as missing, for the account and the resource."""
    values = result["messages"]["observed"]["values"]
    account = f"{one.namespace}/{one.account}"
    if values.get("account") != account or values.get("resource") != resource:
        return []
    verbs: list[str] = values["verbs"]["items"]
    # The sentence has the same content as its values.
    begin = f"{account} cannot {', '.join(verbs)} {resource}: "
    return verbs if result["observed"].startswith(begin) else []


def _empty_aggregate(one: RbacSet, result: JsonObject) -> bool:
    return f"the roles that the ClusterRole {one.name}:aggregate aggregates" in result["observed"]


def _further(one: RbacSet, answers: Answers, results: dict[str, Any]) -> list[str]:
    found = []
    own = results["DF-RBAC-017"]
    unknown = answers.absent_in_namespace or _empty_aggregate(one, own)
    outcome = "unknown" if unknown else "violation"
    if own["outcome"] != (outcome if answers.unwritten else "pass"):
        found.append(f"DF-RBAC-017: {own['observed']!r} is {own['outcome']}: {answers.unwritten}")
    elif (
        own["outcome"] == "violation"
        and f"cannot {', '.join(answers.unwritten)} the" not in own["observed"]
    ):
        found.append(f"DF-RBAC-017: {own['observed']!r}, and should tell {answers.unwritten}")
    for result in results.values():
        if result["outcome"] == "unknown" and result["id"] in RESOURCES:
            silent = {name for name in answers.absent if name not in result["observed"]}
            if silent:
                found.append(f"{result['id']}: {result['observed']!r} leaves out {silent}")
    verbs = results["DF-RBAC-015"]
    lacking = [len(answers.denied[subject]) for subject in RESOURCES.values()]
    met = not any(lacking) or (not {1, 2} & set(lacking) and lacking != [3] * len(lacking))
    if verbs["outcome"] not in ({"pass"} if not any(lacking) else _open(met, answers, one, verbs)):
        found.append(f"DF-RBAC-015: {verbs['observed']!r} is {verbs['outcome']}: {lacking}")
    return found + _undiscovered(answers, results["DF-RBAC-016"])


def _undiscovered(answers: Answers, result: JsonObject) -> list[str]:
    outcome = "unknown" if answers.absent else "violation"
    told = f"get on {', '.join(answers.hidden)} is not granted"
    if result["outcome"] != (outcome if answers.hidden else "pass") or (
        result["outcome"] == "violation" and told not in result["observed"]
    ):
        return [f"DF-RBAC-016: {result['observed']!r} is {result['outcome']}: {answers.hidden}"]
    return []


def _open(met: bool, answers: Answers, one: RbacSet, result: JsonObject) -> set[str]:
    if answers.absent or _empty_aggregate(one, result):
        return {"unknown"}
    return {"pass" if met else "violation"}


# Messages


def _report(server: ApiServer, engine: WasmEngine, one: RbacSet, differences: list[str]) -> str:
    """The smallest part of a set that still differs, and how."""
    going = True
    while going:
        going = False
        for candidate in one.smaller():
            ((accepted, answers),) = _asked(server, [candidate])
            wrong = _differences(accepted, answers, _results(engine, accepted))
            if wrong and len(accepted.documents) == len(candidate.documents):
                one, differences, going = accepted, wrong, True
                break
    head = [
        f"# {one.user} {one.settings} implicit={one.implicit}",
        *(f"# {d}" for d in differences),
    ]
    return "\n".join(head) + "\n" + yaml.safe_dump_all(one.documents, sort_keys=False)


def _namespace(name: str) -> JsonObject:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _role(name: str, rules: list[JsonObject]) -> JsonObject:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name},
        "rules": rules,
    }


def _discovery() -> dict[str, JsonObject]:
    """The two objects as the server creates them."""
    urls = ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/version", "/version/"]
    role = _role("system:discovery", [{"nonResourceURLs": urls, "verbs": ["get"]}])
    binding = _binding("", "", "system:discovery")
    binding["metadata"]["name"] = "system:discovery"
    binding["subjects"] = [{"kind": "Group", "name": "system:authenticated", "apiGroup": RBAC}]
    return {"ClusterRole": role, "ClusterRoleBinding": binding}


def _binding(namespace: str, account: str, role: str) -> JsonObject:
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": namespace},
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": namespace}],
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role},
    }
