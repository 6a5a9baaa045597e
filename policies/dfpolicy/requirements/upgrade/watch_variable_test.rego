package dfpolicy.requirements.upgrade.watch_variable_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.upgrade_test as shared
import data.dfpolicy.requirements.upgrade.watch_variable

# An upgrade from the unchanged agent to a changed one.
_changed(pod, container) := shared.upgrade([shared.agent], [fixture.workload("DaemonSet", pod, container)])

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := watch_variable.results with input as document
}

test_verdict[name] if {
	variable := [{"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}]
	some name, case in {
		"not set": {"container": {}, "want": "pass required"},
		"null": {"container": {"env": null}, "want": "pass required"},
		"set, v7.1": {"container": {"env": variable}, "want": "violation required"},
		"set, v6.6": {"container": {"env": variable, "image": "deepflow-agent:v6.6"}, "want": "violation required"},
		"set without a value": {"container": {"env": [{"name": "ONLY_WATCH_K8S_RESOURCE"}]}, "want": "violation required"},
		"set, v6.5": {"container": {"env": variable, "image": "deepflow-agent:v6.5.8"}, "want": "pass required"},
		"perhaps in a ConfigMap": {"container": {"envFrom": [{"configMapRef": {"name": "a"}}]}, "want": "unknown required"},
		"set, latest": {"container": {"env": variable, "image": "deepflow-agent:latest"}, "want": "unknown required"},
		"wrong type": {"container": {"env": "ONLY_WATCH_K8S_RESOURCE"}, "want": "pass required"},
	}
	_verdicts(_changed({}, case.container), "DF-UPG-008") == {case.want}
}
