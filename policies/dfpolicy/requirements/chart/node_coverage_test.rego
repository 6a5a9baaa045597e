package dfpolicy.requirements.chart.node_coverage_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.node_coverage

test_verdict[name] if {
	taint := {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}], "labels": {}}
	free := {"taints": [], "labels": {"a": "b"}}
	some name, case in {
		"no taint": {"kind": "DaemonSet", "pod": {}, "nodes": [free], "want": "pass recommended"},
		"tainted": {"kind": "DaemonSet", "pod": {}, "nodes": [free, taint], "want": "violation recommended"},
		"no node left": {"kind": "DaemonSet", "pod": {}, "nodes": [taint], "want": "violation required"},
		"tolerated": {
			"kind": "DaemonSet",
			"pod": {"tolerations": [{"operator": "Exists"}]},
			"nodes": [free, taint],
			"want": "pass recommended",
		},
		"unknown": {"kind": "DaemonSet", "pod": {}, "nodes": [], "want": "unknown recommended"},
		"taints unknown": {"kind": "DaemonSet", "pod": {}, "nodes": [{"cpus": 4}], "want": "unknown recommended"},
		"node by name, no nodes": {"kind": "DaemonSet", "pod": {"nodeName": "a"}, "nodes": [], "want": "unknown recommended"},
		"Windows alone": {"kind": "DaemonSet", "pod": {}, "nodes": [{"operatingSystem": "windows"}], "want": "unknown recommended"},
		"Deployment": {"kind": "Deployment", "pod": {}, "nodes": [free], "want": "violation recommended"},
	}
	nodes := [fixture.node(format_int(i, 10), spec) | some i, spec in case.nodes]
	document := {"resources": [fixture.workload(case.kind, case.pod, {})], "nodes": nodes}
	results := node_coverage.results with input as document
	fixture.verdicts(results, "DF-CH-005") == {case.want}
}

test_nodes_are_listed if {
	node := fixture.node("gpu-1", {"taints": [{"key": "gpu", "effect": "NoExecute"}]})
	results := node_coverage.results with input as object.union(fixture.agent({}, {}), {"nodes": [node]})
	fixture.observed(results, "DF-CH-005") == {"1 node gets no agent: gpu-1"}
}
