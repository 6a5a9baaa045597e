package dfpolicy.requirements.kernel.one_agent_per_node_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kernel.kernel_test as shared
import data.dfpolicy.requirements.kernel.one_agent_per_node

test_verdict[name] if {
	one := {"processes": {"deepflowAgents": 1}}
	some name, case in {
		"not 4.14": {"facts": shared.x86("5.15.0"), "want": "pass required"},
		"one agent": {"facts": object.union(shared.x86("4.14.1"), one), "want": "pass required"},
		"two agents": {
			"facts": object.union(shared.x86("4.14.1"), {"processes": {"deepflowAgents": 2}}),
			"want": "violation required",
		},
		"not counted": {"facts": shared.x86("4.14.1"), "want": "unknown required"},
		"counted as text": {
			"facts": object.union(shared.x86("4.14.1"), {"processes": {"deepflowAgents": "2"}}),
			"want": "unknown required",
		},
		"unknown kernel": {"facts": {}, "want": "unknown required"},
	}
	results := one_agent_per_node.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-003") == {case.want}
}

test_of_workloads[name] if {
	other := object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"name": "second"}})
	surge := object.union(fixture.workload("DaemonSet", {}, {}), {"spec": {"updateStrategy": {"rollingUpdate": {"maxSurge": 1}}}})
	elsewhere := object.union(
		fixture.workload("DaemonSet", {"nodeSelector": {"zone": "b"}}, {}),
		{"metadata": {"name": "second"}},
	)
	some name, case in {
		"two DaemonSets": {"resources": [fixture.workload("DaemonSet", {}, {}), other], "want": "violation required"},
		"the second elsewhere": {"resources": [fixture.workload("DaemonSet", {}, {}), elsewhere], "want": "pass required"},
		"surge": {"resources": [surge], "want": "violation required"},
	}
	facts := object.union(shared.x86("4.14.1"), {"processes": {"deepflowAgents": 1}, "labels": {"zone": "a"}, "taints": []})
	results := one_agent_per_node.results with input as {"resources": case.resources, "nodes": [fixture.node("a", facts)]}
	fixture.verdicts(results, "DF-KERNEL-003") == {case.want}
}
