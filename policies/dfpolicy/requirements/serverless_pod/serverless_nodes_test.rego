package dfpolicy.requirements.serverless_pod.serverless_nodes_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.serverless_pod.serverless_nodes
import data.dfpolicy.requirements.serverless_pod.serverless_pod_test as shared

test_serverless_nodes[name] if {
	some name, case in {
		"none virtual": {"nodes": [["a", {"labels": {"type": "x"}, "taints": []}]], "want": "pass"},
		"taints alone": {"nodes": [["a", {"taints": []}]], "want": "pass"},
		"a label": {"nodes": [["a", {}], ["b", {"labels": {"type": "virtual-kubelet"}}]], "want": "violation"},
		"TKE's label": {"nodes": [["a", {"labels": {"node.kubernetes.io/instance-type": "eklet"}}]], "want": "violation"},
		"Fargate": {"nodes": [["a", {"labels": {"eks.amazonaws.com/compute-type": "fargate"}}]], "want": "violation"},
		"a taint": {"nodes": [["a", {"taints": [{"key": "virtual-kubelet.io/provider", "effect": "NoSchedule"}]}]], "want": "violation"},
		"a name": {"nodes": [["eklet-subnet-1a2b-0", {}]], "want": "violation"},
		"neither labels nor taints": {"nodes": [["a", {"btf": true}]], "want": "unknown"},
		"wrong types": {"nodes": [["a", {"labels": [1], "taints": "x"}]], "want": "pass"},
		"nulls": {"nodes": [["a", {"labels": null, "taints": null}]], "want": "unknown"},
		"no nodes": {"nodes": [], "want": "unknown"},
	}
	document := object.union(shared.in_mode("managed-k8s", [shared.collector({})]), {"nodes": [fixture.node(given[0], given[1]) | some given in case.nodes]})
	results := serverless_nodes.results with input as document
	fixture.verdicts(results, "DF-SL-006") == {concat(" ", [case.want, "recommended"])}
}

test_serverless_nodes_with_sidecars if {
	document := object.union(shared.in_mode("managed-k8s", [shared.sidecar]), {"nodes": [fixture.node("eklet-1", {})]})
	results := serverless_nodes.results with input as document
	fixture.verdicts(results, "DF-SL-006") == {"pass recommended"}
}
