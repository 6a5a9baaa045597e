package dfpolicy.requirements.upgrade.own_limits_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.own_limits
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := own_limits.results with input as document
}

test_verdict[name] if {
	own := {"resources": {"limits": {"cpu": "2", "memory": "2Gi"}}, "image": "deepflow-agent:v6.3.9"}
	some name, case in {
		"none": {"old": {}, "new": {}, "want": "pass recommended"},
		"the defaults": {
			"old": {"resources": {"limits": {"cpu": "1000m", "memory": "768Mi"}}, "image": "deepflow-agent:v6.3"},
			"new": {"resources": null},
			"want": "pass recommended",
		},
		"kept": {"old": own, "new": {"resources": own.resources}, "want": "pass recommended"},
		"other limits": {"old": own, "new": {"resources": {"limits": {"cpu": "3", "memory": "3Gi"}}}, "want": "pass recommended"},
		"lost": {"old": own, "new": {"resources": null}, "want": "violation recommended"},
		"one lost": {"old": own, "new": {"resources": {"limits": {"cpu": 2}}}, "want": "violation recommended"},
		"limited by the group": {"old": object.union(own, {"image": "deepflow-agent:v6.5.8"}), "new": {}, "want": "pass recommended"},
		"version unknown": {"old": object.union(own, {"image": "deepflow-agent:latest"}), "new": {}, "want": "unknown recommended"},
		"null": {"old": object.union(own, {"resources": {"limits": null}}), "new": {}, "want": "pass recommended"},
		"wrong type": {"old": object.union(own, {"resources": "2"}), "new": {"resources": 5}, "want": "pass recommended"},
	}
	document := shared.upgrade(
		[fixture.workload("DaemonSet", {}, case.old)],
		[fixture.workload("DaemonSet", {}, case.new)],
	)
	_verdicts(document, "DF-UPG-009") == {case.want}
}
