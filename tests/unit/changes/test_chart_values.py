"""Operations on rendered objects as values of DeepFlow's charts; Helm renders them again."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from dfpolicy.changes.chart_values import RenderedChart, charts_in
from dfpolicy.model import Operation
from dfpolicy.reading.helm import Chart
from support.deepflow_charts import NAMESPACE, REAL, Release, agent_chart, server_chart

# `make test` has no Helm.
pytestmark = pytest.mark.slow

POD: list[Any] = ["spec", "template", "spec"]
AGENT: list[Any] = [*POD, "containers", {"name": "deepflow-agent"}]
CAPABILITIES: list[Any] = [*AGENT, "securityContext", "capabilities", "add"]
NETNS = "/var/run/netns"


def op(
    verb: Any, path: list[Any], value: Any = None, kind: str = "DaemonSet", **more: Any
) -> Operation:
    name = more.pop("name", "deepflow-agent")
    target = {"kind": kind, "name": name, "namespace": NAMESPACE}
    found: Any = {"op": verb, "target": target, "path": path, **more}
    if verb != "remove":
        found["value"] = value
    return found  # type: ignore[no-any-return]


def inside(key: str, value: Any, verb: str = "set") -> Operation:
    return op(verb, ["data", "deepflow-agent.yaml"], value, "ConfigMap", inside=[key])


def given(path: str, value: Any, chart: str = "deepflow-agent") -> Operation:
    target = {"kind": "HelmValues", "name": chart}
    found: Any = {"op": "set", "target": target, "path": path.split("."), "value": value}
    return found  # type: ignore[no-any-return]


def volume(name: str, path: str, source: Any, **mount: Any) -> list[Operation]:
    member = {"name": name, "mountPath": path, **mount}
    return [
        op("add", [*POD, "volumes"], {"name": name, **source}, key="name"),
        op("add", [*AGENT, "volumeMounts"], member, key="mountPath"),
    ]


NAMESPACES = volume(
    *("var-run-netns", NETNS, {"hostPath": {"path": NETNS}}),
    readOnly=True,
    mountPropagation="HostToContainer",
)
HOST_NETWORK = [
    op("set", [*POD, "hostNetwork"], True),
    op("set", [*POD, "dnsPolicy"], "ClusterFirstWithHostNet"),
]
ALL = ["SYS_ADMIN", "SYS_RESOURCE", "SYS_PTRACE", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "SYSLOG"]
TERMS = [
    {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "c"]}]},
    {"matchExpressions": [{"key": "d", "operator": "Exists"}]},
]

# Values, operations, and the overlay.
CASES: dict[str, tuple[dict[str, Any], list[Operation], dict[str, Any]]] = {
    "a list is written whole, whatever it was": (
        {"securityContext": {"capabilities": {"add": ["NET_RAW"], "drop": ["ALL"]}}},
        [op("add", CAPABILITIES, "SYSLOG"), op("discard", [*CAPABILITIES[:-1], "drop"], "ALL")],
        {"securityContext": {"capabilities": {"add": ["NET_RAW", "SYSLOG"], "drop": []}}},
    ),
    "a list that the values deleted": (
        {"securityContext": {"capabilities": {"add": None}}},
        [op("add", CAPABILITIES, name) for name in ("BPF", "PERFMON")],
        {"securityContext": {"capabilities": {"add": ["BPF", "PERFMON"]}}},
    ),
    "a default does not come back with its object": (
        {"securityContext": None},
        [op("set", [*AGENT, "securityContext", "runAsUser"], 0)],
        {"securityContext": {"runAsUser": 0, "capabilities": {"add": None}}},
    ),
    "a key that goes is null": (
        {"podSecurityContext": {"runAsUser": 1, "fsGroup": 2}},
        [op("remove", [*POD, "securityContext", "runAsUser"])],
        {"podSecurityContext": {"runAsUser": None}},
    ),
    "an object that goes is null": (
        {"podSecurityContext": {"runAsUser": 1}},
        [op("remove", [*POD, "securityContext", "runAsUser"])],
        {"podSecurityContext": None},
    ),
    "the last label of a selector": (
        {"nodeSelector": {"a": "b"}},
        [op("remove", [*POD, "nodeSelector", "a"])],
        {"nodeSelector": None},
    ),
    "another label of a selector": (
        {"nodeSelector": {"a": "b"}},
        [op("set", [*POD, "nodeSelector", "c"], "d")],
        {"nodeSelector": {"c": "d"}},
    ),
    "a part of the resources": (
        {},
        [op("remove", [*AGENT, "resources", "limits"])],
        {"resources": {"limits": None}},
    ),
    "tolerations": (
        {"tolerations": [{"operator": "Exists", "key": "a"}]},
        [op("add", [*POD, "tolerations"], {"operator": "Exists", "key": "b"})],
        {"tolerations": [{"operator": "Exists", "key": key} for key in "ab"]},
    ),
    "texts": ({}, HOST_NETWORK, {"hostNetwork": "true", "dnsPolicy": "ClusterFirstWithHostNet"}),
    "a text that goes": (
        {"hostNetwork": "true"},
        [op("remove", [*POD, "hostNetwork"])],
        {"hostNetwork": "false"},
    ),
    "the tag of the image": (
        {},
        [op("set", [*AGENT, "image"], "registry.example.com/deepflow-ce/deepflow-agent:v7")],
        {"image": {"tag": "v7"}},
    ),
    "the place of the image": (
        {},
        [op("set", [*AGENT, "image"], "localhost:5000/agent:v7")],
        {"image": {"repository": "localhost:5000/agent", "tag": "v7"}},
    ),
    "variables are quoted": (
        {"env": [{"name": "A", "value": "'1'"}, {"name": "ONLY_WATCH", "value": '"true"'}]},
        [
            op("remove", [*AGENT, "env", {"name": "ONLY_WATCH"}]),
            op("add", [*AGENT, "env"], {"name": "B", "value": "c: d"}, key="name"),
            op("add", [*AGENT, "env"], {"name": "C", "value": "plain"}, key="name"),
        ],
        {
            "env": [
                {"name": "A", "value": '"1"'},
                {"name": "B", "value": '"c: d"'},
                {"name": "C", "value": "plain"},
            ]
        },
    ),
    "the variable that disables watching": (
        {},
        [
            op(
                "add",
                [*AGENT, "env"],
                {"name": "K8S_WATCH_POLICY", "value": "watch-disabled"},
                key="name",
            )
        ],
        {"daemonsetWatchDisabled": True},
    ),
    "volumes": (
        {"extraVolumeMounts": [{"name": "a", "mountPath": "/a", "hostPath": "/b", "subPath": "c"}]},
        [*NAMESPACES, *volume("t", "/tmp", {"emptyDir": {}}, readOnly=True)],
        {
            "netns": {"mount": True},
            "extraVolumeMounts": [
                {
                    "name": "a",
                    "mountPath": "/a",
                    "subPath": "c",
                    "readOnly": False,
                    "hostPath": "/b",
                },
                {"name": "t", "mountPath": "/tmp", "readOnly": True},
            ],
        },
    ),
    "a mount that goes": (
        {"extraVolumeMounts": [{"name": "a", "mountPath": "/a", "existingClaim": "c"}]},
        [op("remove", [*AGENT, "volumeMounts", {"mountPath": "/a"}])],
        {"extraVolumeMounts": []},
    ),
    "node affinity": (
        {},
        [
            op(
                "set",
                [
                    *POD,
                    "affinity",
                    "nodeAffinity",
                    "requiredDuringSchedulingIgnoredDuringExecution",
                ],
                {"nodeSelectorTerms": TERMS},
            )
        ],
        {
            "nodeAffinityLabelSelector": [
                {"matchExpressions": [{"key": "a", "operator": "In", "values": "b,c"}]},
                {"matchExpressions": [{"key": "d", "operator": "Exists"}]},
            ]
        },
    ),
    "keys of the agent's file": (
        {"deepflowServerNodeIPS": "10.1.2.3", "clusterNAME": "a"},
        [
            inside("controller-ips", ["10.0.3.7", "fd00::7"]),
            inside("kubernetes-cluster-id", "1e3"),
            inside("kubernetes-cluster-name", None, "remove"),
        ],
        {
            "deepflowServerNodeIPS": ["10.0.3.7", "fd00::7"],
            "deepflowK8sClusterID": '"1e3"',
            "clusterNAME": None,
        },
    ),
    "another key of the agent's file": (
        {},
        [inside("log-level", "info"), inside("kubernetes-cluster-id", "d-1")],
        {
            "deepflowAgentConfig": {
                "deepflow-agent.yaml": "controller-ips:\n- deepflow-server\nlog-level: info\n"
                "kubernetes-cluster-id: d-1\n"
            }
        },
    ),
    "an agent's file in the values": (
        {"deepflowAgentConfig": {"deepflow-agent.yaml": "# own\ncontroller-ips: [10.1.2.3]\n"}},
        [inside("controller-ips", ["10.0.3.7"])],
        {"deepflowAgentConfig": {"deepflow-agent.yaml": "# own\ncontroller-ips: [10.0.3.7]\n"}},
    ),
    "values as they are": (
        {},
        [given("tkeSidecar", True), given("deployComponent", ["daemonset", "watcher"])],
        {"tkeSidecar": True, "deployComponent": ["daemonset", "watcher"]},
    ),
    "what holds already needs no value": (
        {"hostNetwork": "true"},
        [HOST_NETWORK[0], op("add", CAPABILITIES, "SYSLOG")],
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_values_have_the_types_of_the_chart(tmp_path: Path, case: str) -> None:
    values, operations, overlay = CASES[case]
    release = Release(agent_chart(tmp_path), values)
    change = release.change(*operations)
    assert (change.values, change.left) == (overlay, [])
    # What was expressed holds in what the chart then renders: nothing is left to change.
    again = release.after(overlay).change(*operations)
    assert again.left == []
    assert again.values in ({}, overlay)


def test_what_the_chart_renders_with_the_values(tmp_path: Path) -> None:
    values = {"podSecurityContext": {"runAsUser": 1}, "nodeSelector": {"a": "b"}}
    release = Release(agent_chart(tmp_path), values)
    names = ("volumes", "a default does not come back with its object", "node affinity")
    cases = [
        CASES[name] for name in (*names, "the last label of a selector", "variables are quoted")
    ]
    operations = [one for case in cases for one in case[1]]
    after = release.after(release.change(*operations).values)
    agent, pod = after.agent(), after.pod()
    assert {one["name"]: one.get("value") for one in agent["env"]} == {
        "K8S_NODE_NAME_FOR_DEEPFLOW": None,
        "K8S_POD_IP_FOR_DEEPFLOW": None,
        "B": "c: d",
        "C": "plain",
    }
    assert [one["mountPath"] for one in agent["volumeMounts"]] == [
        *("/sys/kernel/debug", "/etc/deepflow-agent"),
        *(NETNS, "/tmp"),
    ]
    assert agent["securityContext"]["runAsUser"] == 0
    assert "nodeSelector" not in pod
    required = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert required == {"nodeSelectorTerms": TERMS}


LEFT: dict[str, tuple[dict[str, Any], list[Operation]]] = {
    "no value": ({}, [op("set", [*POD, "hostPID"], False)]),
    "a whole pod": ({}, [op("set", POD, {})]),
    "the mount of the template": (
        {},
        volume(
            "sys-kernel-debug", "/sys/kernel/debug", {"hostPath": {"path": "/sys/kernel/debug"}}
        )[1:],
    ),
    "a mount with propagation": (
        {},
        volume("a", "/a", {"hostPath": {"path": "/a"}}, mountPropagation="Bidirectional"),
    ),
    "a limited volume": ({}, volume("a", "/a", {"emptyDir": {"sizeLimit": "1Gi"}})),
    "a variable with a source": (
        {},
        [
            op(
                "add",
                [*AGENT, "env"],
                {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
                key="name",
            )
        ],
    ),
    "a variable of the template": (
        {},
        [op("remove", [*AGENT, "env", {"name": "K8S_POD_IP_FOR_DEEPFLOW"}])],
    ),
    "a label among several": (
        {"nodeSelector": {"a": "b", "c": "d"}},
        [op("remove", [*POD, "nodeSelector", "a"])],
    ),
    "a term with fields": (
        {},
        [
            op(
                "set",
                [
                    *POD,
                    "affinity",
                    "nodeAffinity",
                    "requiredDuringSchedulingIgnoredDuringExecution",
                ],
                {"nodeSelectorTerms": [{"matchFields": []}]},
            )
        ],
    ),
    "an image by its digest": ({}, [op("set", [*AGENT, "image"], "agent@sha256:0123")]),
    "what the chart would evaluate": (
        {},
        [
            op("set", [*POD, "dnsPolicy"], "{{ .Release }}"),
            inside("kubernetes-cluster-name", "{{ fail }}"),
        ],
    ),
    "a field of another type": (
        {"securityContext": {"capabilities": {"add": "SYSLOG"}}},
        [op("add", CAPABILITIES, "NET_RAW")],
    ),
    "another object": ({}, [op("set", [*POD, "hostNetwork"], True, name="other")]),
    "a new object": ({}, [op("create", [], {"kind": "Role"}, "Role")]),
    "values of another chart": ({}, [given("global.allInOneLocalStorage", True, "deepflow")]),
    "values that no release has": ({}, [given("tke_sidecar", True), given("gone", True)]),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_no_value_expresses_is_left(tmp_path: Path, case: str) -> None:
    values, operations = LEFT[case]
    change = Release(agent_chart(tmp_path), values).change(*operations)
    assert (change.values, change.left) == ({}, operations)


def test_the_others_of_a_list_are_written_although_one_is_left(tmp_path: Path) -> None:
    left = volume("a", "/a", {"emptyDir": {"medium": "Memory"}})
    tmp = volume("t", "/tmp", {"emptyDir": {}})
    change = Release(agent_chart(tmp_path)).change(*left, *tmp, *NAMESPACES)
    assert change.left == left
    assert change.values["netns"] == {"mount": True}
    assert [one["name"] for one in change.values["extraVolumeMounts"]] == ["t"]


def test_a_variable_for_all_workloads_must_be_meant_for_all(tmp_path: Path) -> None:
    values = {"deployComponent": ["daemonset", "watcher"]}
    release = Release(agent_chart(tmp_path), values)
    one = op("add", [*AGENT, "env"], {"name": "A", "value": "b"}, key="name")
    target: Any = {**one["target"], "kind": "Deployment", "name": "deepflow-agent-watcher"}
    other: Operation = {**one, "target": target}
    assert release.change(one).left == [one]
    assert release.change(one, other).values == {"env": [{"name": "A", "value": "b"}]}
    disabled = CASES["the variable that disables watching"][1]
    assert release.change(one, *disabled, other).values == {
        "env": [{"name": "A", "value": "b"}],
        "daemonsetWatchDisabled": True,
    }


# The values of a release for the same operations.
RELEASES = {
    "0.1.001": {"hostNetwork"},
    "0.1.050": {"hostNetwork", "extraVolumeMounts"},
    "0.1.094": {"hostNetwork", "extraVolumeMounts", "netns"},
    "6.3.007": {"hostNetwork", "extraVolumeMounts", "netns", "tke_sidecar"},
    "6.5.011": {"hostNetwork", "extraVolumeMounts", "netns", "tke_sidecar", "env"},
    "6.6.012": {"hostNetwork", "extraVolumeMounts", "netns", "tkeSidecar", "env"},
}


@pytest.mark.parametrize("version", RELEASES)
def test_each_release_has_its_own_values(tmp_path: Path, version: str) -> None:
    operations = {
        "hostNetwork": [HOST_NETWORK[0]],
        "extraVolumeMounts": volume("t", "/tmp", {"emptyDir": {}}),
        "netns": NAMESPACES,
        "env": [op("add", [*AGENT, "env"], {"name": "A", "value": "b"}, key="name")],
        "tkeSidecar": [given("tkeSidecar", True)],
    }
    release = Release(agent_chart(tmp_path, version), {"hostNetwork": "false"})
    change = release.change(*(one for some in operations.values() for one in some))
    expected = RELEASES[version]
    assert set(change.values) == expected
    known = {key.replace("tke_sidecar", "tkeSidecar") for key in expected}
    assert change.left == [one for key in operations if key not in known for one in operations[key]]


def test_a_variable_that_another_value_writes_is_not_among_the_others(tmp_path: Path) -> None:
    watch = {"name": "K8S_WATCH_POLICY", "value": "watch-disabled"}
    release = Release(agent_chart(tmp_path), {"env": [watch]})
    change = release.change(op("add", [*AGENT, "env"], {"name": "A", "value": "b"}, key="name"))
    assert change.values == {"env": [{"name": "A", "value": "b"}], "daemonsetWatchDisabled": True}
    env = release.after(change.values).agent()["env"]
    assert env.count(watch) == 1


def test_the_agent_below_the_server_s_chart(tmp_path: Path) -> None:
    release = Release(server_chart(tmp_path))
    assert release.charts() == [
        RenderedChart("deepflow-agent", "7.1.002", ("deepflow-agent",)),
        RenderedChart("deepflow", "7.1.002", ()),
    ]
    place = ["controller", "trisolaris", "trident-type-for-unknow-vtap"]
    change = release.change(
        op("set", ["data", "server.yaml"], 3, "ConfigMap", name="deepflow", inside=place),
        op("set", [*AGENT, "resources", "limits"], {"cpu": "2"}),
        given("global.nodePort.deepflowServerIngester", 30099, "deepflow"),
        given("agentFullnameOverride", "agent"),
    )
    assert change.left == []
    assert change.values == {
        "configmap": {
            "server.yaml": {"controller": {"trisolaris": {"trident-type-for-unknow-vtap": 3}}}
        },
        "deepflow-agent": {
            "agentFullnameOverride": "agent",
            "resources": {"limits": {"cpu": "2", "memory": None}},
        },
        "global": {"nodePort": {"deepflowServerIngester": 30099}},
    }
    after = release.after(change.values)
    assert after.agent(name="agent")["resources"]["limits"] == {"cpu": "2"}
    file = yaml.safe_load(after.object("ConfigMap", "deepflow")["data"]["server.yaml"])
    assert file["controller"]["trisolaris"] == {"trident-type-for-unknow-vtap": 3}
    # A ConfigMap without a namespace is judged as the file in it.
    config = op("set", ["spec", *place], 3, "ServerConfig", name="deepflow")
    del config["target"]["namespace"]
    assert release.change(config).values == {"configmap": change.values["configmap"]}


def test_the_version_without_labels_is_read_from_the_chart(tmp_path: Path) -> None:
    chart = server_chart(tmp_path, "6.6.012")
    documents = Release(chart).documents()
    for document in documents:
        document.value["metadata"].get("labels", {}).pop("helm.sh/chart", None)
    below = [RenderedChart("deepflow-agent", "6.6.012", ("deepflow-agent",))]
    server = [RenderedChart("deepflow", "6.6.012")]
    assert charts_in(Chart(str(chart)), documents) == [*below, *server]
    package = tmp_path / "package.tgz"
    with tarfile.open(package, "w:gz") as archive:
        archive.add(chart, "deepflow")
    assert charts_in(Chart(str(package)), documents) == [*below, *server]
    # A subchart may be a package.
    with tarfile.open(chart / "charts" / "deepflow-agent-6.6.012.tgz", "w:gz") as archive:
        archive.add(chart / "charts" / "deepflow-agent", "deepflow-agent")
    (chart / "charts" / "deepflow-agent" / "Chart.yaml").unlink()
    assert charts_in(Chart(str(chart)), documents) == [*below, *server]
    # A repository is not on disk.
    assert charts_in(Chart("deepflow/deepflow"), documents) == []


def test_labels_decide_for_a_chart_in_a_repository(tmp_path: Path) -> None:
    documents = Release(server_chart(tmp_path)).documents()
    charts = Release(server_chart(tmp_path / "again")).charts()
    assert charts_in(Chart("repository/deepflow", namespace=NAMESPACE), documents) == charts
    # A post-renderer may remove Helm's comments.
    bare = [replace(one, within="", template=None) for one in documents]
    assert charts_in(Chart("repository/deepflow"), bare) == charts


def test_a_chart_with_an_alias(tmp_path: Path) -> None:
    chart = server_chart(tmp_path)
    path = chart / "Chart.yaml"
    path.write_text(path.read_text("utf-8") + "  alias: tracer\n", "utf-8")
    release = Release(chart)
    assert release.charts()[0] == RenderedChart("deepflow-agent", "7.1.002", ("tracer",))
    container = [*POD, "containers", {"name": "tracer"}, "resources", "limits"]
    assert release.change(op("remove", container)).values == {
        "tracer": {"resources": {"limits": None}}
    }


BROKEN: dict[str, dict[str, Any]] = {
    "capabilities": {"securityContext": {"capabilities": {"add": ["NET_RAW"]}}},
    "user": {"podSecurityContext": {"runAsNonRoot": True, "runAsUser": 65534}},
    "restricted": {
        "securityContext": {
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 1000,
            "seccompProfile": {"type": "RuntimeDefault"},
            "capabilities": {"drop": ["ALL"], "add": None},
        }
    },
}

BREAKAGES = [("7.1.002", broken) for broken in BROKEN] + [
    (version, "restricted") for version in ("0.1.050", "6.2.001", "6.3.007", "6.5.011", "6.6.012")
]


def fixed_by_values(release: Release) -> set[str]:
    """The requirements that values alone fix, proven by judging again."""
    before = release.operations()
    change = release.change(*(one for some in before.values() for one in some))
    after = release.after(change.values).operations()
    expressed = {key for key, some in before.items() if not any(one in change.left for one in some)}
    assert expressed & set(after) == set()
    return {name for name, _ in expressed}


@pytest.mark.parametrize(("version", "broken"), BREAKAGES)
def test_values_fix_what_the_policies_find(tmp_path: Path, version: str, broken: str) -> None:
    fixed = fixed_by_values(Release(agent_chart(tmp_path, version), BROKEN[broken]))
    assert {"DF-EBPF-003", "DF-NET-003"} <= fixed


if REAL:

    @pytest.mark.slow
    @pytest.mark.parametrize("broken", BROKEN)
    @pytest.mark.parametrize("chart", REAL, ids=lambda chart: chart.name)
    def test_values_fix_the_real_charts(tmp_path: Path, chart: Path, broken: str) -> None:
        fixed_by_values(Release(chart, BROKEN[broken], tmp_path))
