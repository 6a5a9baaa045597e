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
		"another field": {
			"container": {"env": [{"name": literal.name, "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]},
			"want": "violation recommended",
		},
		"from a ConfigMap that is not in the input": {
			"container": {"env": [{"name": literal.name, "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}]},
			"want": "unknown recommended",
		},
		"no variable, in its default namespace": {"container": {"env": null}, "want": "pass recommended"},
		"renamed container": {"container": {"name": "agent"}, "want": "violation recommended"},
	}
	results := expected_names.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-CH-006") == {case.want}
}

test_no_variable_in_another_namespace if {
	workload := fixture.workload("DaemonSet", {}, {"env": null})
	resources := [object.union(workload, {"metadata": {"namespace": "monitoring"}})]
	results := expected_names.results with input as {"resources": resources}
	fixture.observed(results, "DF-CH-006") == {"K8S_NAMESPACE_FOR_DEEPFLOW is deepflow, the pod's namespace is monitoring"}
}

test_renamed_workload if {
	workload := object.union(fixture.workload("DaemonSet", {}, {}), {"metadata": {"name": "observer"}})
	results := expected_names.results with input as {"resources": [workload]}
	fixture.observed(results, "DF-CH-006") == {"the workload is DaemonSet observer"}
}
