package dfpolicy.requirements.cni.node_interfaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.cni.cni_test as shared
import data.dfpolicy.requirements.cni.node_interfaces

test_interfaces[name] if {
	some name, case in {
		"eth0": {"found": ["lo", "eth0"], "want": "pass recommended"},
		"predictable": {"found": ["lo", "enp0s3", "lxc1"], "want": "pass recommended"},
		"bond": {"found": ["eth0", "bond0"], "want": "violation recommended"},
		"file together with them": {"found": ["eth0", "bonding_masters"], "want": "pass recommended"},
		"bridge of docker": {"found": ["eth0", "br-0123456789ab", "docker0"], "want": "pass recommended"},
		"PCI domain": {"found": ["enP2p1s0"], "want": "violation recommended"},
		"em and p1p1": {"found": ["em1", "p1p1"], "want": "violation recommended"},
		"of pods only": {"found": ["lo", "cali1", "veth2"], "want": "violation recommended"},
		"empty": {"found": [], "want": "violation recommended"},
		"null": {"found": null, "want": "unknown recommended"},
		"text": {"found": "eth0", "want": "unknown recommended"},
	}
	document := shared.with_group({}, "", "calico")
	results := node_interfaces.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": case.found})]})
	fixture.verdicts(results, "DF-CNI-005") == {case.want}
}

test_interfaces_by_group[name] if {
	some name, case in {
		"bond": {"expression": "^(bond0|lxc.*)$", "found": ["bond0"], "want": {"interface_regex matches the interfaces of 1 node"}},
		"slaves left out": {"expression": "^bond0$", "found": ["eth0", "bond0"], "want": {"interfaces not captured: a (eth0)"}},
		"malformed": {"expression": "(bond", "found": ["bond0"], "want": {`interface_regex is not a valid regular expression: "(bond"`}},
		"malformed, no node": {"expression": "(bond", "found": null, "want": {`interface_regex is not a valid regular expression: "(bond"`}},
	}
	document := shared.with_group(shared.cbpf({"interface_regex": case.expression}, 0), "", "calico")
	results := node_interfaces.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": case.found})]})
	fixture.observed(results, "DF-CNI-005") == case.want
}

test_interfaces_of_pods[name] if {
	some name, case in {"GKE": ["eth0", "gke1a2b3c4d5e6"], "Azure": ["eth0", "azv1a2b3c4d5e6"], "kubenet": ["eth0", "cbr0"]}
	results := node_interfaces.results with input as fixture.on_node({"interfaces": case})
	fixture.observed(results, "DF-CNI-005") == {$"interfaces not captured: a ({case[1]})"}
}

test_interfaces_of_several_nodes if {
	nodes := [
		fixture.node("a", {"interfaces": ["eth0", "bond0", "team0"]}),
		fixture.node("b", {"interfaces": ["lo"]}),
		fixture.node("c", {}),
	]
	results := node_interfaces.results with input as object.union(fixture.agent({}, {}), {"nodes": nodes})
	fixture.observed(results, "DF-CNI-005") == {"interfaces not captured: a (bond0, team0), b (no interface of the node itself)"}
}

test_no_nodes if {
	results := node_interfaces.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-CNI-005") == {"unknown recommended"}
}

test_invalid_expression[name] if {
	some name, case in {
		"captures nothing": {"version": "v7.1", "spec": shared.cbpf({"interface_regex": "*"}, 0), "want": ["AutoMetrics"]},
		"refuses its configuration": {"version": "v6.5.8", "spec": {"tap_interface_regex": "*"}, "want": ["Agent configuration", "All features"]},
	}
	group := {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "group"}, "spec": case.spec}
	resources := [fixture.workload("DaemonSet", {}, {"image": $"deepflow-agent:{case.version}"}), group]
	results := node_interfaces.results with input as {"resources": resources}
	{[result.level, result.impact] | some result in results} == {["required", case.want]}
}

test_group_without_a_configuration if {
	document := object.union(fixture.agent({}, {}), {"nodes": [fixture.node("a", {"interfaces": ["eth0"]})]})
	results := node_interfaces.results with input as document
	fixture.observed(results, "DF-CNI-005") == {"not known: the agent group's configuration (interface_regex)"}
}
