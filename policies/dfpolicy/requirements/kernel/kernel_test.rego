package dfpolicy.requirements.kernel_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kernel

x86(release) := {"architecture": "amd64", "kernelRelease": release, "osImage": "any"}

test_supported[name] if {
	some name, case in {
		"listed": {"facts": x86("5.15.0"), "want": "pass required"},
		"unlisted": {"facts": x86("3.10.0-1160.119.1.el7.x86_64"), "want": "violation recommended"},
		"not supported": {"facts": x86("4.9.0"), "want": "violation required"},
		"unknown": {"facts": {}, "want": "unknown required"},
		"wrong type": {"facts": {"architecture": 1, "kernelRelease": 5.1}, "want": "unknown required"},
	}
	results := kernel.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

test_strict_wants_a_listed_kernel if {
	document := object.union(fixture.on_node(x86("3.10.0-1160.119.1.el7.x86_64")), {"profile": "strict"})
	results := kernel.results with input as document
	fixture.verdicts(results, "DF-KERNEL-001") == {"violation required"}
}

test_profiling_may_survive if {
	facts := {"architecture": "arm64", "kernelRelease": "4.19.90-24.4.v2101.ky10.aarch64"}
	results := kernel.results with input as fixture.on_node(facts)
	{result.impact | some result in results; result.id == "DF-KERNEL-001"} == {["AutoTracing"]}
}

test_uprobes[name] if {
	some name, case in {
		"4.17": {"facts": x86("4.17.0"), "want": "pass recommended"},
		"4.16": {"facts": x86("4.16.0"), "want": "violation recommended"},
		"el7": {"facts": x86("3.10.0-957.el7.x86_64"), "want": "violation recommended"},
		"unknown": {"facts": {}, "want": "unknown recommended"},
	}
	results := kernel.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-002") == {case.want}
}

test_single[name] if {
	one := {"processes": {"deepflowAgents": 1}}
	some name, case in {
		"not 4.14": {"facts": x86("5.15.0"), "want": "pass required"},
		"one agent": {"facts": object.union(x86("4.14.1"), one), "want": "pass required"},
		"two agents": {
			"facts": object.union(x86("4.14.1"), {"processes": {"deepflowAgents": 2}}),
			"want": "violation required",
		},
		"not counted": {"facts": x86("4.14.1"), "want": "unknown required"},
		"counted as text": {
			"facts": object.union(x86("4.14.1"), {"processes": {"deepflowAgents": "2"}}),
			"want": "unknown required",
		},
		"unknown kernel": {"facts": {}, "want": "unknown required"},
	}
	results := kernel.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-003") == {case.want}
}

test_single_of_workloads[name] if {
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
	facts := object.union(x86("4.14.1"), {"processes": {"deepflowAgents": 1}, "labels": {"zone": "a"}, "taints": []})
	results := kernel.results with input as {"resources": case.resources, "nodes": [fixture.node("a", facts)]}
	fixture.verdicts(results, "DF-KERNEL-003") == {case.want}
}

test_fentry[name] if {
	some name, case in {
		"possible": {"facts": object.union(x86("5.15.0"), {"btf": true}), "want": "pass informational"},
		"no BTF": {"facts": object.union(x86("5.15.0"), {"btf": false}), "want": "violation informational"},
		"BTF unknown": {"facts": x86("5.15.0"), "want": "unknown informational"},
	}
	results := kernel.results with input as fixture.on_node(case.facts)
	fixture.verdicts(results, "DF-KERNEL-004") == {case.want}
}

test_no_subject_no_result if {
	results := kernel.results with input as object.union(fixture.on_node({}), {"mode": "none"})
	results == set()
}
