package dfpolicy.requirements.upgrade.placement_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.placement
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := placement.results with input as document
}

_observed(document, id) := fixture.observed(results, id) if {
	results := placement.results with input as document
}

test_verdict[name] if {
	gpu := {"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}
	affinity := {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{}]}}}
	unset := {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": null}}
	some name, case in {
		"nothing": {"old": {}, "new": {}, "want": "pass recommended"},
		"tolerations kept": {"old": {"tolerations": [gpu]}, "new": {"tolerations": [gpu]}, "want": "pass recommended"},
		"every taint tolerated": {"old": {"tolerations": [gpu]}, "new": {"tolerations": [{"operator": "Exists"}]}, "want": "pass recommended"},
		"every effect tolerated": {
			"old": {"tolerations": [{"key": "gpu", "value": "a", "effect": "NoExecute"}]},
			"new": {"tolerations": [{"key": "gpu", "operator": "Exists"}]},
			"want": "pass recommended",
		},
		"tolerations lost": {"old": {"tolerations": [gpu]}, "new": {"tolerations": null}, "want": "violation recommended"},
		"another effect": {
			"old": {"tolerations": [gpu]},
			"new": {"tolerations": [object.union(gpu, {"effect": "NoExecute"})]},
			"want": "violation recommended",
		},
		"another value": {
			"old": {"tolerations": [{"key": "gpu", "value": "a"}]},
			"new": {"tolerations": [{"key": "gpu", "value": "b"}]},
			"want": "violation recommended",
		},
		"all taints no longer tolerated": {"old": {"tolerations": [{"operator": "Exists"}]}, "new": {"tolerations": [gpu]}, "want": "violation recommended"},
		"node selector kept": {"old": {"nodeSelector": {"a": "b"}}, "new": {"nodeSelector": {"a": "c"}}, "want": "pass recommended"},
		"node selector lost": {"old": {"nodeSelector": {"a": "b"}}, "new": {"nodeSelector": null}, "want": "violation recommended"},
		"affinity kept": {"old": {"affinity": affinity}, "new": {"affinity": affinity}, "want": "pass recommended"},
		"affinity lost": {"old": {"affinity": affinity}, "new": {"affinity": unset}, "want": "violation recommended"},
		"no affinity": {"old": {"affinity": unset}, "new": {}, "want": "pass recommended"},
		"pull secret lost": {"old": {"imagePullSecrets": [{"name": "mirror"}]}, "new": {}, "want": "violation recommended"},
		"wrong types": {"old": {"tolerations": "a", "nodeSelector": 5, "affinity": [], "imagePullSecrets": {}}, "new": {}, "want": "pass recommended"},
	}
	document := shared.upgrade(
		[fixture.workload("DaemonSet", case.old, {})],
		[fixture.workload("DaemonSet", case.new, {})],
	)
	_verdicts(document, "DF-UPG-011") == {case.want}
}

test_observed_lists_the_lost_settings if {
	old := fixture.workload(
		"DaemonSet",
		{"tolerations": [{"operator": "Exists"}, {"key": "gpu", "effect": "NoSchedule"}], "nodeSelector": {"a": "b"}},
		{},
	)
	observed := "the toleration of all taints is lost; the toleration gpu:NoSchedule is lost; the nodeSelector a is lost"
	_observed(shared.upgrade([old], [shared.agent]), "DF-UPG-011") == {observed}
}
