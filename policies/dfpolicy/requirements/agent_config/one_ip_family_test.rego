package dfpolicy.requirements.agent_config.one_ip_family_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.agent_config.one_ip_family

test_verdict[name] if {
	some name, case in {
		"IPv4": {"text": "controller-ips: [10.0.0.1, 10.0.0.2]", "want": "pass required"},
		"IPv6": {"text": "controller-ips:\n- fd00::1\n- \"fd00::2\"", "want": "pass required"},
		"both": {"text": "controller-ips:\n- fd00::1\n- 10.0.0.1", "want": "violation required"},
		"a name beside one family": {"text": "controller-ips: [a, 10.0.0.1]", "want": "pass required"},
		"none": {"text": "log-file: a", "want": "pass required"},
		"opaque": {"text": "controller-ips: &a", "want": "unknown required"},
		"no mapping": {"text": "- a", "want": "unknown required"},
	}
	results := one_ip_family.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CFG-002") == {case.want}
}
