package dfpolicy.requirements.upgrade.upgrade_test

import data.dfpolicy.lib.fixture_test as fixture

# What all requirements of the group answer.
answers := union({found | found := data.dfpolicy.requirements.upgrade[_].results})

agent := fixture.workload("DaemonSet", {}, {})

tagged(tag) := fixture.workload("DaemonSet", {}, {"image": $"deepflow-agent:{tag}"})

server(tag) := {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": "deepflow-server", "namespace": "deepflow"},
	"spec": {"template": {"spec": {"containers": [{"name": "deepflow-server", "image": $"deepflow-server:{tag}"}]}}},
}

# An upgrade from these resources to those.
upgrade(from, resources) := {"mode": "upgrade", "from": {"resources": from}, "resources": resources}

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := answers with input as document
}

test_only_an_upgrade_is_asked if {
	document := object.union(upgrade([agent], [agent, server("v7.1")]), {"mode": "single-k8s"})
	results := answers with input as document
	results == set()
}

test_no_subject_no_result if {
	results := answers with input as upgrade([agent], [server("v7.1")])
	results == set()
}

# Without the running release what depends on it is unknown, and says how it is given.
test_without_the_running_release if {
	results := answers with input as {"mode": "upgrade", "resources": [agent]}
	unknown := {result.id | some result in results; result.outcome == "unknown"; contains(result.observed, "--from")}
	unknown == {
		"DF-UPG-001", "DF-UPG-002", "DF-UPG-006", "DF-UPG-007",
		"DF-UPG-009", "DF-UPG-010", "DF-UPG-011",
	}
}

test_order_of_versions_alone[name] if {
	some name, case in {
		"ahead": {"from": {"version": "v6.5.8"}, "want": "violation required"},
		"not ahead": {"from": {"version": "7.1"}, "want": "pass required"},
		"no version": {"from": {"version": "stable"}, "want": "unknown required"},
		"null": {"from": {"version": null}, "want": "unknown required"},
		"wrong type": {"from": {"version": 7.1}, "want": "unknown required"},
	}
	document := {"mode": "upgrade", "from": case.from, "resources": [tagged("v7.1")]}
	_verdicts(document, "DF-UPG-001") == {case.want}
	_verdicts(document, "DF-UPG-002") == {case.want}
}
