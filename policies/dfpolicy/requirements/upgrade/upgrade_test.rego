package dfpolicy.requirements.upgrade.upgrade_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.upgrade[_].results})

agent := fixture.workload("DaemonSet", {}, {})

tagged(tag) := fixture.workload("DaemonSet", {}, {"image": $"deepflow-agent:{tag}"})

server(tag) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-server", "namespace": "deepflow"},
	"spec": {"template": {"spec": {"containers": [{"name": "deepflow-server", "image": $"deepflow-server:{tag}"}]}}},
}

# An upgrade from the first resources to the second.
upgrade(from, resources) := {"mode": "upgrade", "from": {"resources": from}, "resources": resources}

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := answers with input as document
}

test_no_result_in_other_modes if {
	document := object.union(upgrade([agent], [agent, server("v7.1")]), {"mode": "single-k8s"})
	results := answers with input as document
	results == set()
}

test_no_subject_no_result if {
	results := answers with input as upgrade([agent], [server("v7.1")])
	results == set()
}

# Without the running release, requirements that compare with it are unknown and say how to pass it.
test_without_the_running_release if {
	results := answers with input as {"mode": "upgrade", "resources": [agent]}
	unknown := {result.id | some result in results; result.outcome == "unknown"; contains(result.observed, "--from")}
	unknown == {
		"DF-UPG-001", "DF-UPG-002", "DF-UPG-006", "DF-UPG-007",
		"DF-UPG-009", "DF-UPG-010", "DF-UPG-011",
	}
}

test_running_version_without_resources[name] if {
	some name, case in {
		"newer": {"from": {"version": "v6.5.8"}, "want": "violation required"},
		"not newer": {"from": {"version": "7.1"}, "want": "pass required"},
		"not a version": {"from": {"version": "stable"}, "want": "unknown required"},
		"null": {"from": {"version": null}, "want": "unknown required"},
		"wrong type": {"from": {"version": 7.1}, "want": "unknown required"},
	}
	document := {"mode": "upgrade", "from": case.from, "resources": [tagged("v7.1")]}
	_verdicts(document, "DF-UPG-001") == {case.want}
	_verdicts(document, "DF-UPG-002") == {case.want}
}
