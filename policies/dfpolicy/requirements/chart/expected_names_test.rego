package dfpolicy.requirements.chart.expected_names_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.expected_names

test_verdict[name] if {
	literal := {"name": "K8S_NAMESPACE_FOR_DEEPFLOW", "value": "deepflow"}
	some name, case in {
		"kept": {"container": {}, "want": "pass recommended"},
		"a literal namespace": {"container": {"env": [literal]}, "want": "pass recommended"},
		"another namespace": {
			"container": {"env": [object.union(literal, {"value": "a"})]},
			"want": "violation recommended",
		},
		"no variable": {"container": {"env": null}, "want": "violation recommended"},
		"renamed container": {"container": {"name": "agent"}, "want": "violation recommended"},
	}
	results := expected_names.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-CH-006") == {case.want}
}

test_renamed_workload if {
	workload := object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"name": "observer"}})
	results := expected_names.results with input as {"resources": [workload]}
	fixture.observed(results, "DF-CH-006") == {"the workload is DaemonSet observer"}
}
