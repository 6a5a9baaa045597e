"""Reports to render: those of examples, one full of hostile texts, and generated ones."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

from hypothesis import strategies as st

from dfpolicy.model import (
    LEVELS,
    OUTCOMES,
    FailOn,
    FeatureRow,
    Level,
    Outcome,
    Proposal,
    Report,
    Result,
    UnjudgedObject,
    UnjudgedReport,
    WaiverEntry,
    WaiverTerms,
    Workload,
)
from dfpolicy.policy.catalogue import load_catalogue
from dfpolicy.policy.requirement_words import remediation, remediation_template
from dfpolicy.report.verdict import judged, judged_again
from support import command
from support.decisions import ROOT

Json = dict[str, Any]

# Texts that could break out of one format or another.
HOSTILE = (
    "\n::error::forged",
    "\r\n%0A::set-output name=x::y",
    "]]></failure><testcase name='forged'/>",
    "a|b\\|c",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</details></code><!-- ",
    "\x1b]0;title\x07\x1b[2J\x9b31m",
    "`code` ```\n# heading",
    "[click](javascript:alert(1)) ![x](http://example.com/x.png)",
    "@everyone #1 $a$ https://example.com www.example.com a@example.com",
    "x # SKIP because\nok 1 - forged\n1..0",
    "{0} {{1}} [2](3) ##[add-mask]a ##vso[task.complete]",
    "\n  ...\n---\nkind: Secret\n...",
    "\u2028\u2029\x85\x0b\x0c\x00\ufeff\ufffe",
    "\u202egnp.exe\u202c \u200b",
    "*bold* _it_ ~~gone~~ &amp; &#60;b&#62;",
    '\'"><x y="',
    # Wherever a line breaks, a command could begin.
    "::error::forged " * 40,
    "GH-1 %1 !1 &1",
    "x" * 5000,
)
WAIVER: WaiverTerms = {"reason": "replaced in June", "owner": "platform", "expires": "2030-01-31"}


def result(outcome: Outcome = "violation", level: Level = "required", **changes: Any) -> Result:
    """A result of DF-K8S-001; a keyword replaces a field, None removes it."""
    found: Json = {
        "id": "DF-K8S-001",
        "outcome": outcome,
        "level": level,
        "group": "kubernetes-info",
        "title": "The agent shares the host's process namespace",
        "subject": {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "namespace": "deepflow",
            "name": "deepflow-agent",
            "container": "agent",
        },
        "observed": "hostPID is false",
        "expected": "hostPID is true" if outcome == "violation" else "",
        "message": "The agent shares the host's process namespace: hostPID is false",
        "impact": ["AutoTagging", "AutoTracing"],
        "remediation": "Set `hostPID: true`.",
        "location": {"file": "f.yaml", "document": 2, "line": 7, "template": "c/templates/d.yaml"},
    }
    if outcome == "unknown":
        found["collect"] = "uname -r"
    kept = {name: value for name, value in (found | changes).items() if value is not None}
    return cast(Result, kept)


def report(
    *results: Result, fail_on: FailOn = "required", strict: bool = False, **changes: Any
) -> Report:
    """A report on the results with its verdict; a keyword replaces a field."""
    counted = [one for one in results if "waiver" not in one]

    def count(outcome: str, level: str | None = None) -> int:
        return sum(one["outcome"] == outcome and level in (None, one["level"]) for one in counted)

    base: Json = {
        "apiVersion": "dfpolicy.dev/v1",
        "kind": "Report",
        "dfpolicy": {"version": "0.1.0", "bundle": "0123456789ab", "engine": "wasm"},
        "mode": {"name": "single-k8s", "source": "given", "reason": "", "candidates": []},
        "profile": "default",
        "summary": {
            "pass": count("pass"),
            "violation": {level: count("violation", level) for level in LEVELS},
            "unknown": count("unknown"),
            "waived": len(results) - len(counted),
            "ignored": 0,
        },
        "agents": [
            {
                "subject": result()["subject"],
                "role": "collector",
                "image": "registry.example.com/deepflow-ce/deepflow-agent:v7.1",
                "version": "7.1",
            }
        ],
        "results": list(results) or [result("pass")],
        "features": [],
        "ignored": [],
        "waivers": {"unused": [], "expired": []},
    }
    return judged(cast(UnjudgedReport, base | changes), fail_on, strict)


def agent(number: int = 0, **changes: Any) -> Workload:
    """An agent of a report or of a running release; a keyword replaces a field."""
    subject = {**result()["subject"], "name": f"agent-{number}"}
    base = {"subject": subject, "role": "collector", "image": "i:v7.1", "version": "7.1"}
    return cast(Workload, base | changes)


INSTALLER: UnjudgedObject = {
    "subject": {"kind": "HelmRelease", "namespace": "flux", "name": "deepflow"},
    "command": "helm template deepflow deepflow/deepflow | dfpolicy eval -",
}


def server(**changes: Any) -> Workload:
    """A server of Docker Compose; a keyword replaces a field."""
    subject = {"kind": "ComposeProject", "name": "compose.yaml", "container": "deepflow-server"}
    return agent(**{"subject": subject, "role": "server", "image": "s:v7.1"} | changes)


def feature_row(node: str, *notes: str, **changes: str) -> FeatureRow:
    """A row of the feature table."""
    row = {
        "node": node,
        "architecture": "amd64",
        "kernelRelease": "5.15.0-91-generic",
        "os": "Ubuntu 22.04",
        "kprobe": "yes",
        "golang_uprobe": "host-only",
        "openssl_uprobe": "host-only",
        "perf": "yes",
        "fentry": "unknown",
        "certainty": "listed",
    }
    return cast(FeatureRow, {**row, **changes, "notes": list(notes)})


def idle_waiver(subject: str, **changes: Any) -> WaiverEntry:
    """A waiver that covers nothing."""
    entry = {**WAIVER, "id": "DF-K8S-001", "subject": subject, "file": "dfpolicy.yaml", "line": 4}
    return cast(WaiverEntry, entry | changes)


def node(name: str, number: int = 0) -> Json:
    """The fields of a result that is about a node of the input."""
    location = {"file": "nodes.yaml", "document": number + 1, "line": 40 * number + 1}
    return {"subject": {"kind": "Node", "name": name}, "location": location}


def large(count: int) -> Report:
    """This many results, all different."""
    outcomes: tuple[Outcome, ...] = ("violation", "unknown", "pass")
    results = (
        result(outcomes[number % 3], observed=f"fact {number}", **node(f"node-{number}", number))
        for number in range(count)
    )
    rows = [feature_row(f"node-{number}", os=f"os {number}") for number in range(count)]
    return report(*results, features=rows)


def cluster(nodes: int) -> Report:
    """Four results of each node: by one of 40 kernels, one of its own, and two that all share."""
    results: list[Result] = []
    for number in range(nodes):
        place = node(f"node-{number:05}", number)
        # The lower the kernel version, the more nodes have it.
        kernel = min(number % 40, number // 7 % 40)
        outcome: Outcome = "violation" if kernel < 12 else "unknown" if kernel < 20 else "pass"
        own = {"observed": f"the address 10.0.{number // 250}.{number % 250} is behind NAT"}
        results += [
            result(outcome, id="DF-EBPF-001", observed=f"the kernel is 4.{kernel}.0", **place),
            result("violation", "recommended", id="DF-EBPF-002", **own, **place),
            result("unknown", id="DF-EBPF-003", observed="kernel.kptr_restrict", **place),
            result("pass", id="DF-EBPF-004", observed="SELinux is disabled", **place),
        ]
    results.sort(key=lambda found: found["id"])
    for found in results:
        found["group"] = "ebpf"
    return report(*results)


def chinese() -> Report:
    """A report whose requirements are in Chinese, with each outcome, level and waiver."""
    shared: Json = {
        "title": "采集器与宿主机共享进程命名空间",
        "observed": "容器 `deepflow-agent` 的 hostPID 为 false、无法读取宿主机上的进程信息",
        "remediation": "在采集器 DaemonSet 的 Pod 模板中设置 `hostPID: true`。确认命名空间的"
        " Pod Security 级别为 privileged、采集器有权限读取 `/proc` 目录。"
        "重新部署采集器使其在每个节点上生效。",
    }
    every_node = {"subject": {"kind": "Node", "name": "*"}, "location": None}
    mode = {
        "name": "single-k8s",
        "source": "detected",
        "reason": "why",
        "candidates": ["multi-k8s"],
    }
    results = [
        *(result("violation", level, **shared) for level in LEVELS),
        result("violation", waiver=WAIVER, **shared),
        result("unknown", **shared),
        result("unknown", id="DF-K8S-002", **(shared | every_node)),
        *(result("unknown", id="DF-K8S-003", **shared, **node(f"n{i}", i)) for i in range(7)),
        result("pass", id="DF-K8S-004", **shared),
    ]
    idle = {"unused": [idle_waiver("Pod/*")], "expired": [idle_waiver("Node/*")]}
    return report(*results, mode=mode, waivers=idle, configuration="dfpolicy.yaml")


def hostile_proposal() -> Proposal:
    """A proposal in which every text tries to break out of its format."""
    one, *others = HOSTILE
    about: Any = {"problems": [], "causes": ["DF-K8S-001"], "ids": ["DF-XX-999"]}
    operations = [
        {"op": "set", "target": {"kind": text, "name": text}, "path": [text], "value": text}
        for text in HOSTILE
    ]
    created = {"op": "create", "target": {"kind": one, "name": one}, "path": [], "value": {}}
    command = {"where": "node", "run": one, "persist": others[0], "undo": one}
    question = {"key": "k", "text": others[1], "type": "text"}
    edit = {"startLine": 1, "startColumn": 1, "endLine": 2, "endColumn": 1, "text": others[2]}
    found = {
        "values": {
            "chart": {"name": one, "version": others[0]},
            "content": {"a": {text: [text, {text: text}] for text in HOSTILE}, "b": list(HOSTILE)},
            "origins": [{"path": ["a"], **about}, {"path": ["b"], **about}],
        },
        "patch": [{"kind": text, "metadata": {"name": text}, "data": text} for text in HOSTILE],
        "operations": [{"operation": one, **about} for one in [*operations, created]],
        "commands": [{"command": command, "risk": "none", "nodes": list(HOSTILE), **about}],
        "questions": [{"question": question, **about}],
        "edits": [{"file": text, "replacements": [edit], **about} for text in HOSTILE],
    }
    return cast(Proposal, found)


def hostile() -> Report:
    """A report in which every text tries to break out of its format; with waivers and unknowns."""
    results = []
    for position, text in enumerate(HOSTILE):
        outcome = OUTCOMES[position % 3]
        level = LEVELS[position % len(LEVELS)]
        # Only a web address becomes a link.
        texts: Json = {
            "url": f"https://{text}",
            "observed": text,
            "message": text,
            "remediation": text,
            "title": text,
        }
        if outcome == "violation":
            texts["expected"] = text
        if outcome == "unknown":
            texts["collect"] = text
        subject = {"kind": "DaemonSet", "namespace": text, "name": text, "container": text}
        location = {"file": text, "document": 1, "line": 1 + position, "template": text}
        waiver = {"reason": text, "owner": text, "expires": "2030-01-31"}
        results += [
            result(outcome, level, **texts, impact=[text]),
            result(outcome, level, **texts, group=text, id="DF-XX-999", subject=subject),
            result(outcome, level, location=location, subject={"kind": "Node", "name": text}),
            result(outcome, level, location=None, subject={"kind": "Node", "name": "*"}),
        ]
        if outcome != "pass":
            results.append(result(outcome, level, observed=text, waiver=waiver))
    rows = [feature_row(text, text, kernelRelease=text, os=text) for text in HOSTILE]
    mode = {"name": "multi-k8s", "source": "detected", "reason": HOSTILE[0], "candidates": []}
    waivers = [idle_waiver(text, reason=text, owner=text, file=text) for text in HOSTILE]
    made = report(
        *results,
        mode=mode,
        features=[*rows, {"node": "bare"}],
        verdict="unknown",
        waivers={"unused": waivers[:3], "expired": waivers[3:]},
        servers=[server(image=text) for text in HOSTILE],
        unjudged=[
            {"subject": {"kind": text, "namespace": text, "name": text}, "command": text}
            for text in HOSTILE
        ],
        invocation={"command": "eval", "sources": [*HOSTILE[:2]], "facts": [*HOSTILE[2:4]]},
    )
    made["verdict"]["proposal"] = hostile_proposal()
    return judged_again(made)


def known(identifier: str, outcome: Outcome, level: Level, **changes: Any) -> Result:
    """A result of a requirement of the catalogue; its texts have a Chinese translation."""
    entry = load_catalogue().requirement(identifier)
    assert entry is not None
    texts = {name: entry[name] for name in ("group", "title", "impact")}
    if entry.get("words"):
        texts["messages"] = {"remediation": remediation_template(entry)}
    texts["remediation"] = remediation(entry)
    found = result(outcome, level, **({"id": identifier} | texts | changes))
    found["message"] = f"{found['title']}: {found['observed']}"
    return found


def mixed() -> Report:
    """One of each: outcome, level, kind of subject, waiver, kind of node, fact of a report."""
    every_node = {"subject": {"kind": "Node", "name": "*"}, "location": None}
    pod = {"kind": "Pod", "namespace": "kube-system", "name": "p", "node": "n1"}
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "name": "deepflow"}
    roles = {"observed": "not known: the roles", "collect": "kubectl get clusterroles -o yaml"}
    unmounted = {
        "observed": "no mount of `/sys/kernel/debug`",
        "expected": "hostPath /sys/kernel/debug is mounted",
        "url": "https://docs.example.com/DF-EBPF-005",
    }
    results = [
        known("DF-K8S-001", "pass", "required", observed="hostPID is true"),
        known("DF-K8S-003", "violation", "recommended", observed="CAP_X is missing"),
        known("DF-K8S-004", "violation", "required", waiver=WAIVER),
        known("DF-RBAC-001", "unknown", "required", subject=role, **roles),
        known("DF-RBAC-002", "unknown", "required", subject=role, **roles),
        known("DF-EBPF-005", "violation", "required", **unmounted),
        known("DF-EBPF-005", "violation", "required", subject=pod, location=None, **unmounted),
        known("DF-EBPF-007", "unknown", "recommended", **every_node),
        known("DF-EBPF-008", "violation", "informational", **node("n1")),
        *(known("DF-EBPF-001", "unknown", "required", **node(f"n{i}", i)) for i in range(3)),
    ]
    server = {"kind": "Deployment", "namespace": "deepflow", "name": "deepflow-server"}
    old = {"kprobe": "no", "perf": "no", "golang_uprobe": "no", "openssl_uprobe": "no"}
    return report(
        *results,
        mode={
            "name": "upgrade",
            "source": "detected",
            "reason": "the release before was given",
            "candidates": ["single-k8s"],
        },
        configuration="dfpolicy.yaml",
        running=[agent(), agent(subject=server, role="server", image="s:latest", version=None)],
        features=[
            *(feature_row(f"n{number}") for number in range(4)),
            feature_row("n4", "Go uprobes reach processes on the host only", certainty="unlisted"),
            feature_row("n5", kernelRelease="3.10.0-862.el7.x86_64", os="CentOS Linux 7", **old),
            {"node": "bare"},
        ],
        ignored=[{"file": "values.yaml", "document": 1, "line": 1}],
        waivers={
            "unused": [idle_waiver("Cluster/*")],
            "expired": [idle_waiver("DaemonSet/*", expires="2020-01-31")],
        },
    )


@cache
def _evaluated(name: str) -> str:
    settings = ("--mode", "single-k8s", "--lang", "en", "--config", "")
    path = f"examples/single-k8s/{name}.yaml"
    return command.run("eval", path, *settings, "-o", "json", folder=ROOT).stdout


def example(name: str) -> Report:
    """The report of an example of single-k8s, `manifests` or `broken`."""
    found: Report = json.loads(_evaluated(name))
    return {**found, "dfpolicy": report()["dfpolicy"]}


CASES = {"mixed": mixed, "hostile": hostile}

_TEXT = st.text(max_size=20) | st.sampled_from(HOSTILE)
_FULL = _TEXT.filter(bool)
_LINE = st.integers(1, 10**6)
_IDS = st.sampled_from(["DF-K8S-001", "DF-NET-001", "DF-EBPF-005", "DF-XX-999"])
_SUBJECTS = st.fixed_dictionaries(
    {"kind": _FULL, "name": _TEXT | st.just("*")},
    optional=dict.fromkeys(("apiVersion", "namespace", "container", "node"), _TEXT),
)
_LOCATIONS = st.fixed_dictionaries(
    {"file": _TEXT, "document": _LINE, "line": _LINE}, optional={"template": _TEXT}
)
_WAIVERS = st.fixed_dictionaries(
    {"reason": _FULL, "owner": _FULL, "expires": st.just("2030-01-31")}
)


@st.composite
def results(draw: st.DrawFn) -> Result:
    """Any result that the schema allows."""
    outcome = draw(st.sampled_from(["pass", "violation", "unknown"]))
    optional: dict[str, st.SearchStrategy[Any]] = {"location": _LOCATIONS}
    fields = {
        "id": _IDS,
        "outcome": st.just(outcome),
        "level": st.sampled_from(LEVELS),
        "group": _TEXT,
        "subject": _SUBJECTS,
        "observed": _FULL,
        "expected": _FULL if outcome == "violation" else st.just(""),
        "message": _FULL,
        "impact": st.lists(_TEXT, max_size=3),
        "remediation": _FULL,
        "title": _FULL,
    }
    if outcome == "unknown":
        fields["collect"] = _FULL
    if outcome != "pass":
        optional["waiver"] = _WAIVERS
        optional["cause"] = st.sampled_from(["DF-K8S-001", "DF-NET-001", "no-binding"])
    return cast(Result, draw(st.fixed_dictionaries(fields, optional=optional)))


_IDLE = st.lists(
    st.fixed_dictionaries(
        {
            "id": _IDS,
            "subject": _FULL,
            "reason": _FULL,
            "owner": _FULL,
            "expires": st.just("2020-01-31"),
            "file": _TEXT,
            "line": _LINE,
        }
    ),
    max_size=2,
)
_NODES = st.fixed_dictionaries(
    {"node": _TEXT},
    optional={
        **dict.fromkeys(("architecture", "kernelRelease", "os"), _TEXT),
        "kprobe": st.sampled_from(["yes", "no", "host-only", "unknown"]),
        "certainty": st.sampled_from(["listed", "unlisted", "unknown"]),
        "notes": st.lists(_TEXT, max_size=2),
    },
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report that the schema allows, within reason."""
    found = draw(st.lists(results(), min_size=1, max_size=8))
    mode = {"name": "upgrade", "source": "detected", "reason": draw(_TEXT), "candidates": []}
    waivers = {"unused": draw(_IDLE), "expired": draw(_IDLE)}
    version = {"version": draw(_TEXT), "bundle": draw(_TEXT), "engine": "opa"}
    features = draw(st.lists(_NODES, max_size=3))
    return report(
        *found,
        fail_on=draw(st.sampled_from(["required", "recommended", "none"])),
        strict=draw(st.booleans()),
        mode=mode,
        dfpolicy=version,
        features=features,
        waivers=waivers,
        servers=[server(image=draw(_TEXT))],
        unjudged=[
            {**INSTALLER, "subject": draw(results())["subject"]},
            {"subject": draw(results())["subject"], "command": ""},
        ],
    )
