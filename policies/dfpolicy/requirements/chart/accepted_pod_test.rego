package dfpolicy.requirements.chart.accepted_pod_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.accepted_pod

test_verdict[name] if {
	some name, case in {
		"valid": {"resource": fixture.workload("DaemonSet", {}, {}), "want": "pass"},
		"no selector": {"resource": object.union(fixture.workload("DaemonSet", {}, {}), {"spec": {"selector": null}}), "want": "violation"},
		"privileged without escalation": {
			"resource": fixture.workload("DaemonSet", {}, {"securityContext": {"privileged": true, "allowPrivilegeEscalation": false}}),
			"want": "violation",
		},
		"wrong type": {"resource": fixture.workload("DaemonSet", {"hostPID": "true"}, {}), "want": "violation"},
	}
	results := accepted_pod.results with input as {"resources": [case.resource]}
	fixture.verdicts(results, "DF-CH-007") == {$"{case.want} required"}
}
