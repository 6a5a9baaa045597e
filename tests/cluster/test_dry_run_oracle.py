"""DF-CH-007 against a real API server: whether it accepts the agent's workload.

Each workload is sent to the server as a dry run, and so is a pod of its template, which the
controller would create. The result of the requirement must be the server's answer.

Out of scope, because the answer depends on the cluster and not on the workload alone:

- admission by Pod Security (DF-CH-003), quota, LimitRange, webhooks and ValidatingAdmissionPolicy;
- a namespace, ServiceAccount, PriorityClass or RuntimeClass that does not exist;
- fields behind a feature gate, and rules that differ between releases of Kubernetes (names of
  variables other than `=`);
- `OUT_OF_SCOPE`: fields that no chart of the agent and no report of an operator sets.
"""

from __future__ import annotations

import re

import pytest

from cluster.api_server import ApiServer, in_parallel
from cluster.seed import chosen
from cluster.workloads import Case, alone, generate
from dfpolicy.engines.wasm import WasmEngine
from dfpolicy.model import JsonObject, Result

GENERATED = 300
TOGETHER = 10
# What the server refuses and DF-CH-007 does not check. It applies to every kind of object.
OUT_OF_SCOPE = re.compile(r"RuntimeClass .* not found|no PriorityClass with name")


def pod_of(workload: JsonObject) -> JsonObject:
    """Return the pod that the controller would create for the workload."""
    if workload["kind"] == "Pod":
        return workload
    template = workload["spec"]["template"]
    metadata = {**template["metadata"], "name": "of-the-template", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def refusals(server: ApiServer, cases: list[Case]) -> list[str | None]:
    """Return the server's refusal of each case: empty if it accepts, None if out of scope."""

    def ask(case: Case) -> str | None:
        for document in (case.workload, pod_of(case.workload)):
            answer = server.create(document, dry_run=True)
            if not answer.ok:
                return None if OUT_OF_SCOPE.search(answer.message) else answer.message
        return ""

    return in_parallel(ask, cases)


def verdicts(engine: WasmEngine, cases: list[Case]) -> list[Result]:
    """Return the result of DF-CH-007 for each case, each checked in a separate namespace."""
    found: list[Result] = []
    for start in range(0, len(cases), TOGETHER):
        resources = []
        for number, case in enumerate(cases[start : start + TOGETHER]):
            metadata = {**case.workload["metadata"], "namespace": f"case-{number:03}"}
            resources.append({**case.workload, "metadata": metadata})
        results = engine.evaluate({"mode": "single-k8s", "resources": resources})["results"]
        judged = [each for each in results if each["id"] == "DF-CH-007"]
        assert len(judged) == len(resources)
        found += sorted(judged, key=lambda each: str(each["subject"]["namespace"]))
    return found


@pytest.fixture(scope="module")
def answered(api_server: ApiServer) -> list[tuple[Case, str, Result]]:
    """Each case in scope with the server's refusal and the verdict."""
    seed = chosen()
    cases = [*alone(), *(generate(seed, number) for number in range(GENERATED))]
    told = refusals(api_server, cases)
    judged = verdicts(WasmEngine(), cases)
    return [
        (case, refusal, result)
        for case, refusal, result in zip(cases, told, judged, strict=True)
        if refusal is not None
    ]


def test_the_verdict_is_the_answer_of_the_api_server(
    answered: list[tuple[Case, str, Result]],
) -> None:
    refused = sum(bool(refusal) for _, refusal, _ in answered)
    print(f"{len(answered)} workloads, {refused} refused")
    assert len(answered) >= 200 + GENERATED
    assert len(answered) / 5 < refused < len(answered) * 0.9
    wrong = [
        f"{case.name}\n  {result['outcome']}: {result['observed']}\n  {refusal or 'accepted'}"
        for case, refusal, result in answered
        if result["outcome"] != ("violation" if refusal else "pass")
    ]
    shown = "\n".join(wrong[:20])
    assert not wrong, f"{len(wrong)} of {len(answered)} differ, among them\n{shown}"


def test_the_unchanged_workloads_are_accepted(
    answered: list[tuple[Case, str, Result]],
) -> None:
    unchanged = {case.name: refusal for case, refusal, _ in answered if ":" not in case.name}
    assert unchanged == {"DaemonSet": "", "Deployment": "", "Pod": ""}
