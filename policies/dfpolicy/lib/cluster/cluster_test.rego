package dfpolicy.lib.cluster_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.fixture_test as fixture

_input(namespace, text) := [
	object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"namespace": namespace}}),
	object.union(fixture.configuration(text), {"metadata": {"namespace": namespace}}),
]

test_id_and_name[name] if {
	some name, case in {
		"both": {"text": "kubernetes-cluster-id: d-1\nkubernetes-cluster-name: a", "want": ["d-1", "a"]},
		"neither": {"text": "", "want": ["", ""]},
		"null": {"text": "kubernetes-cluster-id:\nkubernetes-cluster-name: ~", "want": ["", ""]},
		"empty": {"text": "kubernetes-cluster-id: ''", "want": ["", ""]},
		"lists": {"text": "kubernetes-cluster-id: [a]\nkubernetes-cluster-name: []", "want": [`["a"]`, "[]"]},
	}
	found := [[cluster.id(workload), cluster.name(workload)] | some workload in agent.workloads] with input as {"resources": _input("a", case.text)}
	found == [case.want]
}

test_names_and_ids if {
	resources := array.flatten([
		_input("a", "kubernetes-cluster-id: d-1\nkubernetes-cluster-name: y"),
		_input("b", "kubernetes-cluster-id: d-1\nkubernetes-cluster-name: x"),
		_input("c", "kubernetes-cluster-id: d-1"),
		_input("d", "kubernetes-cluster-id: d-2\nkubernetes-cluster-name: x"),
	])
	faults := [finding.text | some workload in agent.workloads; finding := cluster.id_fault(workload)] with input as {"resources": resources}
	faults == ["several clusters have kubernetes-cluster-id d-1: x, y" | some _ in ["a", "b", "c"]]
	found := [cluster.ids_of("x"), cluster.ids_of("z")] with input as {"resources": resources}
	found == [["d-1", "d-2"], []]
}

test_subject if cluster.subject.kind == "Cluster"
