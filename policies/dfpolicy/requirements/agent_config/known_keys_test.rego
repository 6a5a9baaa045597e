package dfpolicy.requirements.agent_config.known_keys_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.agent_config.known_keys

test_verdict[name] if {
	some name, case in {
		"known": {"text": "controller-ips: [a]\nkubernetes-cluster-id: d-1", "want": "pass recommended"},
		"misspelt": {"text": "controler-ips: [a]", "want": "violation recommended"},
		"empty": {"text": "", "want": "pass recommended"},
		"no mapping": {"text": "- a", "want": "unknown recommended"},
	}
	results := known_keys.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CFG-001") == {case.want}
}

test_nearest_key_is_named if {
	results := known_keys.results with input as fixture.configured({}, "controler-ip: [a]\nvtap-group-id: g-1")
	fixture.observed(results, "DF-CFG-001") == {concat("; ", [
		"unknown key controler-ip (nearest known key: controller-ips)",
		"unknown key vtap-group-id (nearest known key: vtap-group-id-request)",
	])}
}
