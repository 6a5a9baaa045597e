package dfpolicy.requirements.agent_config.accepted_file_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.agent_config.accepted_file

test_verdict[name] if {
	some name, case in {
		"IPv4": {"text": "controller-ips: [10.0.0.1, 10.0.0.2]", "want": "pass required"},
		"IPv6": {"text": "controller-ips:\n- fd00::1\n- \"fd00::2\"", "want": "pass required"},
		"both": {"text": "controller-ips:\n- fd00::1\n- 10.0.0.1", "want": "violation required"},
		"a name together with one family": {"text": "controller-ips: [a, 10.0.0.1]", "want": "pass required"},
		"none": {"text": "log-file: a", "want": "pass required"},
		"wrong type": {"text": "cgroups-disabled: \"true\"", "want": "violation required"},
		"no mapping": {"text": "- a", "want": "violation required"},
		"no address": {"text": "controller-ips: [10.0.0.1/24]", "want": "violation required"},
	}
	results := accepted_file.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CFG-002") == {case.want}
}

test_tagged_value_is_unknown if {
	map := object.union(
		fixture.configuration("log-file: !x a"),
		{"decoded": {"deepflow-agent.yaml": {"root": "mapping", "entries": [{"key": "log-file", "line": 1, "value": {"tagged": "a"}}]}}},
	)
	results := accepted_file.results with input as {"resources": [fixture.workload("DaemonSet", {}, {}), map]}
	fixture.observed(results, "DF-CFG-002") == {"not known: how the agent reads log-file (with a YAML tag)"}
}

test_all_faults_are_named if {
	text := "controller-ips: [10.0.0.1, fd00::1, a b]\ncontroller-port: \"30035\""
	results := accepted_file.results with input as fixture.configured({}, text)
	fixture.observed(results, "DF-CFG-002") == {concat("; ", [
		"controller-ips contains \"a b\", which is neither an IP address nor a host name",
		"controller-port is \"30035\", but must be a whole number from 0 to 65535, without quotes",
		"controller-ips mixes IPv4 and IPv6 addresses",
	])}
}
