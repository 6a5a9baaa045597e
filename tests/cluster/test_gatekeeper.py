"""What the real Gatekeeper does with the export: it refuses, warns, admits, and audits.

It has a separate API server, because its webhook would see the objects of other tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from cluster import gatekeeper
from cluster.api_server import ApiServer, need_binaries, running
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.gatekeeper.export import export
from dfpolicy.gatekeeper.objects import ACTIONS, Scope, constraints
from dfpolicy.gatekeeper.review import MODES, Sample, samples
from dfpolicy.model import JsonObject
from dfpolicy.policy.catalogue import load_catalogue
from support import seen
from support.decisions import EXAMPLES

NAMESPACE = "deepflow"
_NAMESPACE: JsonObject = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def _documents(path: Path) -> list[JsonObject]:
    return [item for item in yaml.safe_load_all(path.read_text("utf-8")) if item]


def _agent(name: str = "deepflow-agent", **changes: object) -> JsonObject:
    """The DaemonSet of the example that meets everything, renamed, with changes to its pod."""
    (found,) = (
        item
        for item in _documents(EXAMPLES / "single-k8s" / "manifests.yaml")
        if item["kind"] == "DaemonSet"
    )
    made = deepcopy(found)
    made["metadata"] |= {"name": name, "namespace": NAMESPACE}
    made["spec"]["template"]["spec"] |= changes
    return made


def _parts(mode: str) -> dict[str, list[JsonObject]]:
    """The documents of an export for the mode, by directory or file."""
    files = export(WasmEngine(), load_catalogue(), Scope(mode)).files
    return {
        part: [
            document
            for path, text in files.items()
            if path.startswith(part) and not path.endswith("kustomization.yaml")
            for document in yaml.safe_load_all(text)
        ]
        for part in ("templates/", "sync.yaml", "constraints/")
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """An API server with the export applied, and a broken agent that existed before."""
    need_binaries(gatekeeper.missing(), "tools-cluster tools-gatekeeper")
    folder = tmp_path_factory.mktemp("gatekeeper")
    parts = _parts("single-k8s")
    with running(folder) as started:
        assert started.create(_NAMESPACE).ok
        assert started.create(_agent("former", hostPID=False)).ok
        with gatekeeper.controlling(started, folder) as url:
            gatekeeper.apply(started, parts["templates/"])
            gatekeeper.apply(started, parts["sync.yaml"])
            gatekeeper.apply(started, parts["constraints/"])
            gatekeeper.register(started, url, NAMESPACE)
            broken = _agent("trial", hostPID=False, hostNetwork=False)
            # A constraint takes effect shortly after it is written.
            gatekeeper.awaited(
                lambda: started.create(broken, dry_run=True).status == 403,
                "the constraints in force",
            )
            yield started


def test_a_broken_agent_is_refused(server: ApiServer) -> None:
    answer = server.create(_agent("broken", hostPID=False))
    assert answer.status == 403
    assert "[dfpolicy-kubernetes-info-required] DF-K8S-001 " in answer.message
    assert "Set `spec.template.spec.hostPID: true`" in answer.message
    assert server.get(_agent("broken")).status == 404


def test_the_fixed_agent_is_admitted(server: ApiServer) -> None:
    answer = server.create(_agent())
    assert answer.ok, answer.message
    # An update is reviewed as well.
    update = server.apply(_agent(hostPID=False))
    assert update.status == 403, update.message


def test_other_objects_are_admitted(server: ApiServer) -> None:
    labels = {"app": "other"}
    container = {"name": "other", "image": "other:1"}
    answer = server.create(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "other", "namespace": NAMESPACE},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        }
    )
    assert answer.ok, answer.message


def test_the_audit_reports_earlier_objects(server: ApiServer) -> None:
    found = gatekeeper.awaited(
        lambda: gatekeeper.audited(
            server, "DfpolicyKubernetesInfo", "dfpolicy-kubernetes-info-required"
        ),
        "the audit's violations",
    )
    told = {(entry["name"], entry["message"][:10], entry["enforcementAction"]) for entry in found}
    assert ("former", "DF-K8S-001", "deny") in told


def test_the_audit_joins_roles_and_bindings(server: ApiServer) -> None:
    def missing() -> set[str]:
        found = gatekeeper.audited(server, "DfpolicyRbac", "dfpolicy-rbac-required")
        return {entry["message"][:11] for entry in found if entry["name"] == "former"}

    assert "DF-RBAC-001" in gatekeeper.awaited(missing, "the audit's violations of RBAC")
    documents = _documents(EXAMPLES / "single-k8s" / "manifests.yaml")
    granting = [item for item in documents if item["kind"] in ("ClusterRole", "ClusterRoleBinding")]
    assert granting
    gatekeeper.apply(server, granting)
    gatekeeper.awaited(lambda: not missing(), "the audit that knows the roles")
    for role in granting:
        assert server.delete(role).ok


def test_its_answers_on_the_examples_are_documented(server: ApiServer, update_golden: bool) -> None:
    """In the order of their modes, because the constraints of only one mode apply at a time."""
    told: list[tuple[str, str]] = []
    for mode in MODES:
        shown = {name: sample for name, sample in _showing().items() if sample.mode == mode}
        if shown:
            gatekeeper.apply(server, _parts(mode)["constraints/"])
            told += [entry for name in shown for entry in _told(server, name, shown[name])]
    seen.check("Gatekeeper", seen.strictest(told, ACTIONS.values()), update_golden)


# The API server itself refuses what violates it, before Gatekeeper sees the object.
_REFUSED_BEFORE = "DF-CH-007"


# gator checks them; the real controller does not get them, and the page shows that with a dash.
_NOT_SHOWN = ("DF-CH-008", "DF-SK-005")


def _showing() -> dict[str, Sample]:
    """A sample that violates each requirement, its own sample if it has one."""
    tried = [
        one
        for one in samples(WasmEngine(), load_catalogue())
        if _REFUSED_BEFORE not in one.violated
    ]
    own = {one.requirement: one for one in tried if one.requirement in one.violated}
    shown = {name: one for one in tried for name in one.violated} | own
    return {name: one for name, one in shown.items() if name not in _NOT_SHOWN}


def _told(server: ApiServer, requirement: str, sample: Sample) -> list[tuple[str, str]]:
    """The requirement, with the actions that report it for the sample."""
    beside, item = [_placed(one) for one in sample.synchronised], _placed(sample.reviewed)
    gatekeeper.apply(server, beside)
    try:
        found = gatekeeper.awaited(
            lambda: (
                _at_admission(server, item, requirement) or _in_audit(server, item, requirement)
            ),
            requirement,
        )
    finally:
        for one in (item, *beside):
            if one["kind"] != "Namespace":
                server.delete(one)
        server.apply(_NAMESPACE)
    return [(requirement, action) for action in found]


def _placed(item: JsonObject) -> JsonObject:
    if item["kind"] in ("ClusterRole", "ClusterRoleBinding", "Namespace"):
        return item
    return item | {"metadata": {"namespace": NAMESPACE} | item["metadata"]}


def _at_admission(server: ApiServer, item: JsonObject, requirement: str) -> list[str]:
    answer = server.create(item, dry_run=True)
    told = {"deny": [answer.message] if answer.status == 403 else [], "warn": answer.warnings}
    return [
        action for action, texts in told.items() if any(f"{requirement} " in one for one in texts)
    ]


def _in_audit(server: ApiServer, item: JsonObject, requirement: str) -> list[str]:
    """Violations that admission omits or cuts: the API server forwards 4 KiB of warnings."""
    entry = load_catalogue().requirement(requirement)
    assert entry is not None
    labels = {gatekeeper.UNREVIEWED: ""}
    server.create(item | {"metadata": item["metadata"] | {"labels": labels}})
    name = item["metadata"]["name"]
    return [
        violation["enforcementAction"]
        for one in constraints(entry["group"], Scope())
        for violation in gatekeeper.audited(server, one["kind"], one["metadata"]["name"])
        if violation["name"] == name and violation["message"].startswith(f"{requirement} ")
    ]
