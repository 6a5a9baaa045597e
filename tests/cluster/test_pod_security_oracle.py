"""DF-CH-003 against Pod Security admission: whether the namespace admits the agent's pod.

The server gets a request to create a pod of the agent's template, without storing it. Pods that it
refuses as invalid, at any level, are left out: they never reach admission.
"""

from __future__ import annotations

import re

import pytest

from cluster.api_server import ApiServer, in_parallel
from cluster.pods import Variant, alone, generate
from cluster.seed import chosen
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.model import JsonObject, Result
from support.inputs import deployment

GENERATED = 200
# With more or fewer cases in one input, each case takes longer.
TOGETHER = 10
LABEL = "pod-security.kubernetes.io/"
LEVELS: dict[str, JsonObject] = {
    "none": {},
    "privileged": {"enforce": "privileged"},
    "baseline": {"enforce": "baseline"},
    "restricted": {"enforce": "restricted", "enforce-version": "latest"},
    "told": {"warn": "restricted", "audit": "restricted"},
}
# The rules changed between these versions.
VERSIONS = ["v1.33", "v1.31", "v1.30", "v1.28", "v1.26", "v1.24", "v1.22", "v1.21", "v1.18"]
VERSIONS += ["v1.7", "v1.99"]
# The server's words for each of its checks.
REASONS = {
    *("host namespaces", "hostPath volumes", "hostPort", "probe or lifecycle host", "privileged"),
    *("procMount", "seLinuxOptions", "seccompProfile", "forbidden AppArmor profile", "hostProcess"),
    *("forbidden sysctls", "non-default capabilities", "unrestricted capabilities"),
    *("allowPrivilegeEscalation != false", "restricted volume types", "runAsNonRoot != true"),
    "runAsUser=0",
}
_REFUSED = re.compile(r'violates PodSecurity "[^"]*": (.*)', re.DOTALL)


class Admission:
    """What the server and the policies say about a pod, in one namespace for each level."""

    def __init__(self, server: ApiServer) -> None:
        self._server = server
        self._engine = WasmEngine()

    def namespace(self, name: str, labels: JsonObject) -> JsonObject:
        """Make a namespace with labels of Pod Security."""
        metadata = {"name": name, "labels": {LABEL + key: labels[key] for key in labels}}
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
        assert self._server.create(made).ok
        return made

    def refusal(self, namespace: JsonObject, template: JsonObject) -> str | None:
        """Return why the server refuses the pod: empty if it does not, None if it is invalid."""
        metadata = {**template["metadata"], "name": "a", "namespace": namespace["metadata"]["name"]}
        pod = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": metadata}
        answer = self._server.create(pod, dry_run=True)
        if answer.ok:
            return ""
        refused = _REFUSED.search(answer.message)
        return refused[1] if refused else None

    def differences(
        self, namespace: JsonObject, variants: list[Variant]
    ) -> tuple[list[str], list[str]]:
        """Return the differences, and the server's answer for each valid pod."""
        told = in_parallel(lambda one: self.refusal(namespace, one.template), variants)
        valid = [(one, said) for one, said in zip(variants, told, strict=True) if said is not None]
        labels = namespace["metadata"]["labels"]
        results: list[Result] = []
        for start in range(0, len(valid), TOGETHER):
            part = [one.template for one, _ in valid[start : start + TOGETHER]]
            results += verdicts(self._engine, [(labels, template) for template in part])
        found = []
        for (one, said), result in zip(valid, results, strict=True):
            if result["outcome"] != ("violation" if said else "pass"):
                words = f"refused: {said}" if said else "admitted"
                found.append(f"{one.name}\n  {result['outcome']}: {result['observed']}\n  {words}")
        return found, [said for _, said in valid]


def verdicts(engine: WasmEngine, cases: list[tuple[JsonObject, JsonObject]]) -> list[Result]:
    """Return the results of DF-CH-003 for labels of a namespace and the agent's template in it."""
    resources: list[JsonObject] = []
    for number, (labels, template) in enumerate(cases):
        name = f"case-{number:03}"
        about = {"name": name, "labels": labels}
        resources.append({"apiVersion": "v1", "kind": "Namespace", "metadata": about})
        workload = {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": {"name": "deepflow-agent", "namespace": name},
            "spec": {
                "selector": {"matchLabels": template["metadata"]["labels"]},
                "template": template,
            },
        }
        resources.append(workload)
    document = {"mode": "single-k8s", "resources": resources, "nodes": []}
    results = engine.evaluate(document)["results"]
    asked = [each for each in results if each["id"] == "DF-CH-003"]
    return sorted(asked, key=lambda each: str(each["subject"]["name"]))


@pytest.fixture(scope="module")
def admission(api_server: ApiServer) -> Admission:
    return Admission(api_server)


@pytest.fixture(scope="module")
def variants() -> list[Variant]:
    seed = chosen()
    return [*alone(), *(generate(seed, number) for number in range(GENERATED))]


@pytest.mark.parametrize("level", LEVELS)
def test_policy_and_admission_agree(
    admission: Admission, variants: list[Variant], level: str
) -> None:
    namespace = admission.namespace(f"pod-security-{level}", LEVELS[level])
    wrong, said = admission.differences(namespace, variants)
    admitted = said.count("")
    print(f"{level}: {len(said)} of {len(variants)} pods are valid, {admitted} admitted")
    assert len(said) >= 200
    if level in ("baseline", "restricted"):
        assert len(said) / 20 < admitted < len(said) * 0.9
    else:
        assert admitted == len(said)
    assert not wrong, _listed(wrong, len(said))


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_of_the_levels(admission: Admission, version: str) -> None:
    wrong: list[str] = []
    for level in ("baseline", "restricted"):
        labels = {"enforce": level, "enforce-version": version}
        name = f"pod-security-{level}-{version.replace('.', '-')}"
        namespace = admission.namespace(name, labels)
        changed = [one for one in alone() if not one.name.startswith("agent:")]
        found, said = admission.differences(namespace, changed)
        assert len(said) >= 150
        wrong += [f"{level}, {one}" for one in found]
    assert not wrong, _listed(wrong, len(said) * 2)


def test_every_check_refuses_a_pod_alone(admission: Admission) -> None:
    alone_refused = set()
    for level in ("baseline", "restricted"):
        namespace = admission.namespace(f"pod-security-alone-{level}", {"enforce": level})
        for variant in alone():
            refusal = admission.refusal(namespace, variant.template) or ""
            # Each reason is followed by its details in parentheses.
            reasons = [reason for reason in REASONS if f", {reason} (" in f", {refusal}"]
            if len(reasons) == 1:
                alone_refused.add(reasons[0])
    # Host processes need the host's network, which is refused together with them.
    assert alone_refused == REASONS - {"hostProcess"}


def test_the_last_namespace_of_a_name_counts() -> None:
    # As with `apply`: of two documents with the same name, the last one counts.
    workload = next(each for each in deployment() if each["kind"] == "DaemonSet")
    resources: list[JsonObject] = [workload]
    for level in ("privileged", "baseline"):
        about = {"name": "default", "labels": {LABEL + "enforce": level}}
        resources.append({"apiVersion": "v1", "kind": "Namespace", "metadata": about})
    document = {"mode": "single-k8s", "resources": resources, "nodes": []}
    results = WasmEngine().evaluate(document)["results"]
    assert [each["outcome"] for each in results if each["id"] == "DF-CH-003"] == ["violation"]


@pytest.mark.parametrize("level", ["Privileged", "", "none"])
def test_a_level_that_does_not_exist_is_refused(api_server: ApiServer, level: str) -> None:
    metadata = {"name": "pod-security-invalid", "labels": {LABEL + "enforce": level}}
    made = {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    assert "must be one of" in api_server.create(made, dry_run=True).message


def _listed(wrong: list[str], count: int) -> str:
    shown = "\n".join(wrong[:12])
    return f"{len(wrong)} of {count} differ, among them\n{shown}"
