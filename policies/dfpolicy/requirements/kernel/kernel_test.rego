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

_image(tag) := {"image": $"registry.example.com/deepflow-agent:{tag}"}

_with_agent(tag, facts) := object.union(fixture.agent({}, _image(tag)), {"nodes": [fixture.node("a", facts)]})

test_versions_on_suse[name] if {
	facts := {"architecture": "amd64", "kernelRelease": "4.12.14-122.159-default", "os": {"id": "sles", "versionId": "12.5"}}
	some name, case in {
		"the branch": {"tag": "v6.5", "want": "pass required"},
		"a build of the branch": {"tag": "v6.5.9", "want": "pass required"},
		"the one build of v6.6": {"tag": "v6.6.9.2504", "want": "pass required"},
		"7.0.6": {"tag": "v7.0.6", "want": "pass required"},
		"7.0.8": {"tag": "v7.0.8", "want": "violation recommended"},
		"7.1": {"tag": "v7.1", "want": "violation recommended"},
		"6.4": {"tag": "v6.4.9", "want": "violation recommended"},
		"latest": {"tag": "latest", "want": "unknown recommended"},
	}
	results := kernel.results with input as _with_agent(case.tag, facts)
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

test_reported_pairs[name] if {
	some name, case in {
		"reported": {"tag": "v7.1", "release": "6.18.1", "want": "violation recommended"},
		"another agent": {"tag": "v7.0.3", "release": "6.18.1", "want": "pass required"},
		"another kernel": {"tag": "v7.1", "release": "6.17.1", "want": "pass required"},
		"any agent": {"tag": "latest", "release": "6.18.1", "want": "unknown recommended"},
		"any agent, another kernel": {"tag": "latest", "release": "6.8.0", "want": "pass required"},
	}
	results := kernel.results with input as _with_agent(case.tag, x86(case.release))
	fixture.verdicts(results, "DF-KERNEL-001") == {case.want}
}

test_uprobe_pmu[name] if {
	some name, case in {
		"7.1.4": {"tag": "v7.1.4", "facts": {"uprobePmu": false}, "want": "violation"},
		"a moving tag": {"tag": "v7.1", "facts": {"uprobePmu": false}, "want": "violation"},
		"unknown": {"tag": "latest", "facts": {"uprobePmu": false}, "want": "violation"},
		"earlier": {"tag": "v7.1.3", "facts": {"uprobePmu": false}, "want": "pass"},
		"there": {"tag": "v7.1.4", "facts": {"uprobePmu": true}, "want": "pass"},
		"nobody looked": {"tag": "v7.1.4", "facts": {}, "want": "pass"},
	}
	results := kernel.results with input as _with_agent(case.tag, object.union(x86("5.4.0"), case.facts))
	fixture.verdicts(results, "DF-KERNEL-002") == {$"{case.want} recommended"}
}

test_uprobe_pmu_of_an_old_kernel if {
	results := kernel.results with input as _with_agent("v7.1.4", x86("4.16.0"))
	fixture.observed(results, "DF-KERNEL-002") == {concat("", [
		"kernel 4.16.0: OpenSSL uprobes no; ",
		"no uprobe PMU, through which alone deepflow-agent 7.1.4 attaches",
	])}
	unversioned := kernel.results with input as _with_agent("latest", x86("4.16.0"))
	fixture.observed(unversioned, "DF-KERNEL-002") == {concat("", [
		"kernel 4.16.0: OpenSSL uprobes no; ",
		"no uprobe PMU, through which alone deepflow-agent of unknown version attaches",
	])}
}

test_fentry_turned_on[name] if {
	some name, case in {
		"early kernel": {"release": "5.10.23", "enabled": true, "want": "violation recommended"},
		"late enough": {"release": "5.10.28", "enabled": true, "want": "pass informational"},
		"off": {"release": "5.10.23", "enabled": false, "want": "pass informational"},
	}
	group := {
		"apiVersion": "dfpolicy.dev/v1",
		"kind": "AgentGroupConfig",
		"metadata": {"name": "group"},
		"spec": {"inputs": {"ebpf": {"socket": {"tunning": {"fentry_enabled": case.enabled}}}}},
	}
	agent := fixture.agent({}, {})
	results := kernel.results with input as object.union(agent, {
		"resources": array.concat(agent.resources, [group]),
		"nodes": [fixture.node("a", object.union(x86(case.release), {"btf": true}))],
	})
	fixture.verdicts(results, "DF-KERNEL-004") == {case.want}
}
