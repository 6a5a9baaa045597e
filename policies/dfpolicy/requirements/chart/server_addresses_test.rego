package dfpolicy.requirements.chart.server_addresses_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.chart.server_addresses

test_verdict[name] if {
	some name, case in {
		"a name": {"text": "controller-ips:\n- deepflow-server\n", "want": "pass required"},
		"empty list": {"text": "controller-ips: []", "want": "violation required"},
		"null": {"text": "controller-ips:", "want": "violation required"},
		"no key": {"text": "log-file: /a", "want": "violation required"},
		"empty file": {"text": "", "want": "violation required"},
		"placeholder": {"text": "controller-ips:\n- 10.1.2.3 # FIXME", "want": "violation required"},
		"one placeholder among others": {"text": "controller-ips: [172.20.1.1, FIXME]", "want": "violation required"},
		"nested": {"text": "controller-ips:\n  a: b", "want": "violation required"},
		"no mapping": {"text": "just words", "want": "violation required"},
		"network": {"text": "controller-ips: [10.0.0.1/24]", "want": "violation required"},
	}
	results := server_addresses.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CH-001") == {case.want}
}

test_without_the_config_map if {
	results := server_addresses.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-CH-001") == {"unknown required"}
}

test_config_map_without_the_file if {
	resources := [
		fixture.workload("DaemonSet", {}, {}),
		object.union(fixture.configuration(null), {"data": {"other.yaml": ""}}),
	]
	results := server_addresses.results with input as {"resources": resources}
	fixture.verdicts(results, "DF-CH-001") == {"violation required"}
}
