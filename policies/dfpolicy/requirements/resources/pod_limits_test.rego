package dfpolicy.requirements.resources.pod_limits_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.resources.pod_limits

test_verdict[name] if {
	other := {"limits": {"cpu": "2", "memory": "4Gi"}}
	some name, case in {
		"none": {"resources": null, "image": "deepflow-agent:v7.1", "want": "pass recommended"},
		"defaults": {
			"resources": {"limits": {"cpu": "1000m", "memory": "768Mi"}},
			"image": "deepflow-agent:v7.1",
			"want": "pass recommended",
		},
		"a number": {"resources": {"limits": {"cpu": 1}}, "image": "deepflow-agent:v7.1", "want": "pass recommended"},
		"others": {"resources": other, "image": "deepflow-agent:v6.5", "want": "violation recommended"},
		"others before v6.5": {"resources": other, "image": "deepflow-agent:v6.4.9", "want": "pass recommended"},
		"others, version unknown": {"resources": other, "image": "deepflow-agent", "want": "unknown recommended"},
		"wrong type": {"resources": "none", "image": "deepflow-agent:v7.1", "want": "pass recommended"},
	}
	results := pod_limits.results with input as fixture.agent({}, {"resources": case.resources, "image": case.image})
	fixture.verdicts(results, "DF-RES-001") == {case.want}
}
