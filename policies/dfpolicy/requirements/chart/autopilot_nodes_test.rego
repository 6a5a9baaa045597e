package dfpolicy.requirements.chart.autopilot_nodes_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.autopilot_nodes

test_verdict[name] if {
	some name, case in {
		"no node": {"nodes": [], "others": [], "want": "unknown recommended"},
		"a node of a pool": {"nodes": ["gke-a-1"], "others": [], "want": "pass recommended"},
		"a node of Autopilot": {"nodes": ["gke-a-1", "gk3-a-1"], "others": [], "want": "violation required"},
		"an allowlist": {
			"nodes": ["gk3-a-1"],
			"others": [{"apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": "a"}}],
			"want": "unknown recommended",
		},
		"another kind of the group": {
			"nodes": ["gk3-a-1"],
			"others": [{"apiVersion": "auto.gke.io/v1", "kind": "Other", "metadata": {"name": "a"}}],
			"want": "violation required",
		},
	}
	results := autopilot_nodes.results with input as {
		"resources": array.concat([fixture.workload("DaemonSet", {}, {})], case.others),
		"nodes": [fixture.node(node, {}) | some node in case.nodes],
	}
	fixture.verdicts(results, "DF-CH-009") == {case.want}
}
