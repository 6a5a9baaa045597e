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

test_strange_keys_are_named if {
	text := "controler-ip: [a]\nvtap-group-id: g-1\nlog-level: info\nliveness-probe-port: 80"
	results := known_keys.results with input as fixture.configured({}, text)
	fixture.observed(results, "DF-CFG-001") == {concat("; ", [
		"unknown key controler-ip (nearest known key: controller-ips)",
		"unknown key liveness-probe-port (only from agent v7.2 on)",
		"unknown key log-level",
		"unknown key vtap-group-id (nearest known key: vtap-group-id-request)",
	])}
}
