from __future__ import annotations

from typing import Any

import pytest
import yaml

from dfpolicy.errors import InputError
from dfpolicy.input import schemas
from dfpolicy.input.build import EvaluationInput, RunningRelease, build_input
from dfpolicy.reading.documents import split
from dfpolicy.reading.sources import Source

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
NODE = "apiVersion: dfpolicy.dev/v1\nkind: NodeFacts\nmetadata: {name: node}\nspec: {}\n"
CLUSTER = "apiVersion: dfpolicy.dev/v1\nkind: ClusterFacts\nmetadata: {name: c}\nspec: {}\n"


def build(*texts: str, **options: Any) -> EvaluationInput:
    built = build_input(list(split(Source("f", "---\n".join(texts)))), **options)
    assert schemas.first_error(built.data, "input") is None
    return built


def refused(*texts: str) -> str:
    with pytest.raises(InputError) as error:
        build(*texts)
    return str(error.value)


def kinds(built: EvaluationInput) -> list[str]:
    return [resource["kind"] for resource in built.data["resources"]]


def test_the_input_has_all_parts() -> None:
    data = build(POD, NODE, CLUSTER).data
    assert data == {
        "mode": "single-k8s",
        "profile": "default",
        "release": {},
        "resources": [yaml.safe_load(POD)],
        "nodes": [yaml.safe_load(NODE)],
        "cluster": yaml.safe_load(CLUSTER),
        "parameters": {},
    }
    assert "cluster" not in build(POD).data


def test_options() -> None:
    options = {"profile": "strict", "namespace": "n", "parameters": {"agentVersion": "v7.1"}}
    data = build(POD, **options).data
    assert (data["profile"], data["release"]) == ("strict", {"namespace": "n"})
    assert data["parameters"] == {"agentVersion": "v7.1"}


def test_lists_are_expanded() -> None:
    item = yaml.safe_load(POD)
    bare = {"metadata": {"name": "b"}}
    lists = [
        {"apiVersion": "v1", "kind": "List", "items": [item, {**item, "metadata": {"name": "c"}}]},
        {"apiVersion": "v1", "kind": "PodList", "items": [bare]},
        {"apiVersion": "v1", "kind": "List", "items": None},
        {"apiVersion": "v1", "kind": "List"},
        {"apiVersion": "apps/v1", "kind": "DaemonSetList", "metadata": {}, "items": []},
    ]
    built = build(*map(yaml.safe_dump, lists))
    assert [resource["metadata"]["name"] for resource in built.data["resources"]] == ["a", "c", "b"]
    assert kinds(built) == ["Pod", "Pod", "Pod"]
    assert built.data["resources"][2]["apiVersion"] == "v1"
    assert [item.path for item in built.items] == [("items", 0), ("items", 1), ("items", 0)]
    assert built.ignored == []


def test_a_list_in_a_list() -> None:
    inner = {"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(POD)]}
    outer = {"apiVersion": "v1", "kind": "List", "items": [inner]}
    (item,) = build(yaml.safe_dump(outer)).items
    assert item.path == ("items", 0, "items", 0)


def test_a_custom_resource_that_is_called_list_is_an_object() -> None:
    built = build("apiVersion: x/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {}\n")
    assert kinds(built) == ["AllowList"]


def test_documents_that_are_not_objects_are_ignored() -> None:
    built = build(POD, "a: 1\n", "[1]\n", "text\n", "kind: Pod\n", "apiVersion: v1\n", "1\n")
    assert kinds(built) == ["Pod"]
    assert [document.index for document in built.ignored] == [2, 3, 4, 5, 6, 7]


def test_the_same_object_twice_is_kept_once() -> None:
    assert kinds(build(POD, POD, f"# again\n{POD}")) == ["Pod"]
    assert len(build(NODE, NODE).data["nodes"]) == 1
    assert "cluster" in build(CLUSTER, CLUSTER).data


@pytest.mark.parametrize(
    "other",
    [
        "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: ns}\n",
        "apiVersion: v2\nkind: Pod\nmetadata: {name: a}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a}\n",
    ],
)
def test_other_objects_are_kept(other: str) -> None:
    assert len(kinds(build(POD, other))) == 2


def test_generated_names_do_not_clash() -> None:
    generated = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n"
    assert len(kinds(build(generated, f"{generated}spec: {{}}\n"))) == 2


def test_an_object_with_two_different_contents_is_refused() -> None:
    told = refused(POD, f"{POD}spec: {{x: hunter2}}\n")
    assert told.startswith("f:5: the Pod a is also defined at f:1, with different content")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "apiVersion: v1\nkind: 5\nmetadata: {name: a}\n",
            "f:1: apiVersion and kind must be strings",
        ),
        (
            "apiVersion: 1\nkind: Pod\nmetadata: {name: a}\n",
            "f:1: apiVersion and kind must be strings",
        ),
        (
            "apiVersion:\nkind: Pod\nmetadata: {name: a}\n",
            "f:1: apiVersion and kind must be strings",
        ),
        (
            "apiVersion: v1\nkind: ''\nmetadata: {name: a}\n",
            "f:1: apiVersion and kind must be strings",
        ),
        (
            "apiVersion: v1\nkind: [Pod]\nmetadata: {name: a}\n",
            "f:1: apiVersion and kind must be strings",
        ),
        ("apiVersion: v1\nkind: Pod\n", "f:1: the Pod has no metadata.name"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n", "f:1: the Pod has no metadata.name"),
        ("apiVersion: v1\nkind: Pod\nmetadata: x\n", "f:1: the Pod has no metadata.name"),
        ("apiVersion: v1\nkind: Pod\nmetadata: [a]\n", "f:1: the Pod has no metadata.name"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: 1}\n", "f:1: metadata.name must be a string"),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: no}\n",
            "f:1: metadata.name must be a string",
        ),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: ''}\n", "f:1: the Pod has no metadata.name"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: 1}\n", "f:1: metadata.namesp"),
        (NODE.replace("name: node", "name: '*'"), "f:1: metadata.name must not be `*`"),
        (
            "apiVersion: v1\nkind: Node\nmetadata: {name: '*'}\n",
            "f:1: metadata.name must not be `*`; give the name of the node",
        ),
        ("apiVersion: v1\nkind: List\nitems: [1]\n", "f:3: an item of the List is not an object"),
        (
            "apiVersion: v1\nkind: PodList\nitems: [~]\n",
            "f:3: an item of the PodList is not an object",
        ),
        (
            "apiVersion: v1\nkind: List\nitems: [{}]\n",
            "f:3: an item of the List has no apiVersion or kind",
        ),
        (
            "apiVersion: dfpolicy.dev/v1\nkind: Other\nmetadata: {name: a}\n",
            "f:1: unknown kind dfpolicy.dev/v1 Other",
        ),
        (
            "apiVersion: dfpolicy.dev/v9\nkind: NodeFacts\nmetadata: {name: a}\n",
            "f:1: unknown kind dfpolicy.dev/v9 NodeFacts",
        ),
    ],
)
def test_bad_objects_are_refused_with_their_place(text: str, message: str) -> None:
    assert refused(text).startswith(message)


@pytest.mark.parametrize(
    "spec", ["null", "[]", "text", "5", "{template: null}", "{template: {spec: []}}", "true"]
)
def test_a_spec_of_any_type_is_accepted(spec: str) -> None:
    assert kinds(
        build(f"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: a}}\nspec: {spec}")
    )


@pytest.mark.parametrize(
    "text",
    [
        "data: {p: aHVudGVyMg==}\nstringData: {p: hunter2}\n",
        "type: Opaque\nstringData: hunter2\n",
        "immutable: true\ndata: [hunter2]\n",
    ],
)
def test_the_values_of_secrets_are_removed(text: str) -> None:
    secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n{text}"
    listed = {"apiVersion": "v1", "kind": "SecretList", "items": [yaml.safe_load(secret)]}
    for given in (secret, yaml.safe_dump(listed)):
        (kept,) = build(given).data["resources"]
        assert kept["metadata"] == {"name": "s"}
        assert kept.get("type") in (None, "Opaque")
        assert "hunter2" not in str(kept)
        assert "aHVud" not in str(kept)


def test_last_applied_configuration_of_a_secret_is_removed() -> None:
    label = {"meta.helm.sh/release-name": "b"}
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": "hunter2", **label}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "annotations": annotations},
    }
    (kept,) = build(yaml.safe_dump(secret)).data["resources"]
    assert kept["metadata"]["annotations"] == label


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("{cpus: many}", "f:4: NodeFacts: spec.cpus: must be "),
        ("{kernel: x}", "f:4: NodeFacts: spec: unknown field 'kernel'"),
        ("{btf: hunter2}", "f:4: NodeFacts: spec.btf: must be "),
        ("{portsInUse: [x]}", "f:4: NodeFacts: spec.portsInUse.0: must be "),
        ("[]", "f:4: NodeFacts: spec: must be "),
    ],
)
def test_node_facts_fit_their_schema(spec: str, message: str) -> None:
    told = refused(NODE.replace("{}", spec))
    assert told.startswith(message)
    assert "hunter2" not in told


def test_every_fact_of_a_node_may_be_absent() -> None:
    assert build(NODE).data["nodes"] == [yaml.safe_load(NODE)]
    facts = NODE.replace("{}", "{cpus: 4, btf: true, portsInUse: [22], kernelRelease: 5.15.0-91}")
    assert build(facts).data["nodes"][0]["spec"]["cpus"] == 4


def test_a_second_cluster_is_refused() -> None:
    told = refused(CLUSTER, CLUSTER.replace("name: c", "name: d"))
    assert told == "f:6: only one ClusterFacts document is allowed; keep one"


@pytest.mark.parametrize("kind", ["Domain", "Subdomain"])
def test_objects_of_the_server_are_resources(kind: str) -> None:
    text = f"apiVersion: dfpolicy.dev/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{name: a}}\n"
    assert kinds(build(POD, text)) == ["Pod", kind]


def test_a_group_configuration_is_a_resource() -> None:
    built = build(POD, "inputs: {cbpf: {}}\n", "a: 1\n")
    assert kinds(built) == ["Pod", "AgentGroupConfig"]
    assert built.data["resources"][1]["spec"] == {"inputs": {"cbpf": {}}}
    assert [document.index for document in built.ignored] == [3]


RUNNING = """\
apiVersion: dfpolicy.dev/v1
kind: RunningRelease
metadata: {name: r}
spec:
  resources:
  - {apiVersion: v1, kind: Pod, metadata: {name: old}}
"""
OLD = "apiVersion: v1\nkind: Pod\nmetadata: {name: old}\n"


def release(*texts: str, version: str | None = None) -> RunningRelease:
    return RunningRelease(list(split(Source("old", "---\n".join(texts)))), version)


def test_a_running_release_as_option_or_document_gives_the_same_input() -> None:
    by_option = build(POD, running=release(OLD))
    by_document = build(POD, RUNNING)
    assert by_option.data == by_document.data
    assert by_option.data["from"] == {"resources": [yaml.safe_load(OLD)]}
    for built in (by_option, by_document):
        assert [item.value["metadata"]["name"] for item in built.items] == ["a"]
    assert "from" not in build(POD).data


def test_a_version_replaces_a_running_release() -> None:
    document = RUNNING.split("resources", maxsplit=1)[0] + "version: v6.5.8\n  ctlVersion: v6.5\n"
    built = build(POD, document)
    assert built.data["from"] == {"resources": [], "version": "v6.5.8"}
    assert built.data["parameters"] == {"ctlVersion": "v6.5"}
    stated = build(POD, document, parameters={"ctlVersion": "v7.1"})
    assert stated.data["parameters"] == {"ctlVersion": "v7.1"}
    assert build(POD, running=release(version="v6.5.8")).data["from"] == built.data["from"]


def test_a_running_release_is_redacted_and_expanded() -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {p: hunter2}\n"
    listed = {"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(secret)]}
    built = build(POD, running=release(OLD, OLD, yaml.safe_dump(listed), "a: 1\n"))
    assert [item["kind"] for item in built.data["from"]["resources"]] == ["Pod", "Secret"]
    assert "hunter2" not in str(built.data)
    assert [document.source for document in built.ignored] == ["old"]


def test_the_same_object_may_run_with_other_content() -> None:
    changed = POD + "spec: {hostPID: true}\n"
    built = build(changed, running=release(POD))
    assert built.data["from"]["resources"] == [yaml.safe_load(POD)]
    assert built.data["resources"] == [yaml.safe_load(changed)]


def test_nodes_and_facts_next_to_a_running_release_are_facts() -> None:
    kubernetes_node = "apiVersion: v1\nkind: Node\nmetadata: {name: node}\n"
    built = build(POD, running=release(OLD, NODE, CLUSTER, kubernetes_node))
    assert built.data["nodes"] == [yaml.safe_load(NODE)]
    assert built.data["cluster"] == yaml.safe_load(CLUSTER)
    assert kinds(built) == ["Pod", "Node"]
    assert built.data["from"]["resources"] == [yaml.safe_load(OLD)]
    twice = build(POD, NODE, running=release(OLD, NODE))
    assert twice.data["nodes"] == [yaml.safe_load(NODE)]


@pytest.mark.parametrize(
    ("texts", "old", "message"),
    [
        ([RUNNING, RUNNING], None, "f:8: only one running release is allowed"),
        ([POD, RUNNING], [OLD], "f:5: only one running release is allowed"),
        ([POD], [OLD, RUNNING], "old:5: a running release must not contain a RunningRelease"),
        ([POD], [OLD, OLD + "spec: {}\n"], "old:5: the Pod old is also defined at old:1"),
        ([POD], ["apiVersion: v1\nkind: Pod\n"], "old:1: the Pod has no metadata.name"),
        ([POD], ["apiVersion: dfpolicy.dev/v1\nkind: Other\nmetadata: {name: a}\n"], "old:1: "),
        ([POD], [NODE.replace("{}", "{cpus: many}")], "old:4: NodeFacts: spec.cpus: "),
        (
            [RUNNING.replace("resources", "objects")],
            None,
            "f:6: RunningRelease: spec: unknown field 'objects'; known fields:",
        ),
        ([RUNNING.replace("kind: Pod, ", "")], None, "f:6: RunningRelease: spec.resources.0: the"),
        ([RUNNING.replace("name: old", "a: b")], None, "f:6: the Pod has no metadata.name"),
        (
            [RUNNING + "  version: latest\n"],
            None,
            "f:7: RunningRelease: spec.version: must match the pattern",
        ),
        (
            [RUNNING + "  version: 6.5\n"],
            None,
            "f:7: RunningRelease: spec.version: must be a string",
        ),
    ],
)
def test_an_invalid_running_release_is_refused(
    texts: list[str], old: list[str] | None, message: str
) -> None:
    with pytest.raises(InputError) as error:
        build(*texts, running=release(*old) if old else None)
    assert str(error.value).startswith(message)


SERVER = """
apiVersion: v1
kind: ConfigMap
metadata: {name: deepflow, namespace: deepflow}
data:
  server.yaml: |
"""


@pytest.mark.parametrize(
    ("content", "spec"),
    [
        (
            "controller: {genesis: {local_ip_ranges: [a]}}",
            {"controller": {"genesis": {"local_ip_ranges": ["a"]}}},
        ),
        (
            "controller: {mysql: {user-password: hunter2, host: a}}",
            {"controller": {"mysql": {"host": "a"}}},
        ),
        ("controller: [", None),
        ("controller: x", None),
        ("a: 1", None),
        ("controller: {}\n---\ncontroller: {}", None),
        ("", None),
    ],
)
def test_the_servers_configuration_is_decoded_next_to_its_config_map(
    content: str, spec: Any
) -> None:
    indented = "".join(f"    {line}\n" for line in content.split("\n"))
    built = build(SERVER + indented)
    decoded = [item for item in built.data["resources"] if item["kind"] == "ServerConfig"]
    assert [item["spec"] for item in decoded] == ([spec] if spec else [])
    assert kinds(built)[0] == "ConfigMap"
    assert len({item.place for item in built.items}) == 1
    for item in decoded:
        assert item["metadata"] == {"name": "deepflow", "namespace": "deepflow"}


@pytest.mark.parametrize("data", ["null", "[]", "{server.yaml: 5}", "{server.yaml: null}"])
def test_config_maps_without_a_server_file(data: str) -> None:
    assert kinds(build(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {data}"))


@pytest.mark.parametrize(
    "kind",
    ["AgentConfig", "ComposeProject", "Domain", "ServerConfig", "Subdomain", "SystemdUnit"],
)
@pytest.mark.parametrize("spec", ["null", "[]", "text", "5", "{services: [a]}", "{Service: 5}"])
def test_host_documents_of_any_shape_are_accepted(kind: str, spec: str) -> None:
    text = f"apiVersion: dfpolicy.dev/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}"
    assert kinds(build(text)) == [kind]
