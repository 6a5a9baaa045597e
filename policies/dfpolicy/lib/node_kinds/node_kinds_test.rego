package dfpolicy.lib.node_kinds_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.node_kinds
import data.dfpolicy.tables.node_facts

_placed := fixture.workload(
	"DaemonSet", {
		"nodeName": "a",
		"nodeSelector": {"zone": "z"},
		"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
			{"matchExpressions": [{"key": "disk", "operator": "Exists"}]},
			{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["b", "c"]}]},
		]}}},
	},
	{},
)

test_placement_of_pods_is_read if {
	found := node_kinds.read with input as {"resources": [_placed], "mode": "single-k8s"}
	{"zone", "disk", "kubernetes.io/os"} & {label | some label in found.labels} == {"zone", "disk", "kubernetes.io/os"}
	{"a", "b", "c"} & {name | some name in found.names} == {"a", "b", "c"}
}

test_placement_of_a_running_release_is_read if {
	found := node_kinds.read with input as {"resources": [], "from": {"resources": [_placed]}}
	"zone" in found.labels
}

test_what_differs_from_node_to_node_is_read_in_few_modes[mode] if {
	some mode, want in {
		"all-in-one": {"memoryBytes"},
		"cloud-host": {"cgroup", "dockerVersion"},
		"legacy-host": {"addresses", "cgroup", "dockerVersion"},
		"single-k8s": set(),
	}
	found := node_kinds.read with input as {"resources": [], "mode": mode}
	{fact | some fact in found.facts} == {fact | some fact in node_facts.always} | want
}

test_no_fact_is_both_read_and_unread if {
	every fact in node_facts.never {
		not fact in node_facts.always
		not node_facts.in_modes[fact]
	}
}

test_memory_of_a_node_object_is_read_in_one_mode if {
	memory := ["status", "capacity", "memory"]
	all_in_one := node_kinds.read.objects with input as {"resources": [], "mode": "all-in-one"}
	memory in all_in_one
	single := node_kinds.read.objects with input as {"resources": [], "mode": "single-k8s"}
	not memory in single
}

test_ports_of_the_agents_are_read[name] if {
	some name, case in {
		"the default": {"config": {}, "want": [38086]},
		"that of the group": {"config": {"inputs": {"integration": {"listen_port": 38087}}}, "want": [38087]},
	}
	group := {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "g"}, "spec": case.config}
	node_kinds.read.ports == case.want with input as {"resources": [fixture.workload("DaemonSet", {}, {}), group]}
}
