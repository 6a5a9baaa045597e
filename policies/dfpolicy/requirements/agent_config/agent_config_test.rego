package dfpolicy.requirements.agent_config_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.agent_config

test_keys[name] if {
	some name, case in {
		"known": {"text": "controller-ips: [a]\nkubernetes-cluster-id: d-1", "want": "pass recommended"},
		"misspelt": {"text": "controler-ips: [a]", "want": "violation recommended"},
		"empty": {"text": "", "want": "pass recommended"},
		"no mapping": {"text": "- a", "want": "unknown recommended"},
	}
	results := agent_config.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CFG-001") == {case.want}
}

test_keys_name_the_nearest if {
	results := agent_config.results with input as fixture.configured({}, "controler-ip: [a]\nvtap-group-id: g-1")
	fixture.observed(results, "DF-CFG-001") == {concat("; ", [
		"controler-ip is no key of the agent, the nearest is controller-ips",
		"vtap-group-id is no key of the agent, the nearest is vtap-group-id-request",
	])}
}

test_families[name] if {
	some name, case in {
		"IPv4": {"text": "controller-ips: [10.0.0.1, 10.0.0.2]", "want": "pass required"},
		"IPv6": {"text": "controller-ips:\n- fd00::1\n- \"fd00::2\"", "want": "pass required"},
		"both": {"text": "controller-ips:\n- fd00::1\n- 10.0.0.1", "want": "violation required"},
		"a name beside one family": {"text": "controller-ips: [a, 10.0.0.1]", "want": "pass required"},
		"none": {"text": "log-file: a", "want": "pass required"},
		"opaque": {"text": "controller-ips: &a", "want": "unknown required"},
		"no mapping": {"text": "- a", "want": "unknown required"},
	}
	results := agent_config.results with input as fixture.configured({}, case.text)
	fixture.verdicts(results, "DF-CFG-002") == {case.want}
}

test_without_the_config_map if {
	results := agent_config.results with input as fixture.agent({}, {})
	fixture.unmet(results) == {"DF-CFG-001 unknown recommended", "DF-CFG-002 unknown required"}
}

test_config_map_without_the_file if {
	resources := [fixture.workload("DaemonSet", {}, {}), object.remove(fixture.configuration(""), ["data"])]
	results := agent_config.results with input as {"resources": resources}
	fixture.unmet(results) == {"DF-CFG-001 violation recommended", "DF-CFG-002 violation required"}
}

test_subject_is_the_config_map if {
	results := agent_config.results with input as fixture.configured({}, "log-file: a")
	{result.subject | some result in results} == {{
		"apiVersion": "v1",
		"kind": "ConfigMap",
		"namespace": "deepflow",
		"name": "deepflow-agent",
	}}
}

test_no_subject_no_result if {
	results := agent_config.results with input as {"resources": [fixture.configuration("a: b")]}
	results == set()
}

test_of_a_host[name] if {
	some name, case in {
		"known": {"spec": {"controller-ips": ["10.0.0.1"]}, "want": set()},
		"misspelt": {"spec": {"controler-ips": ["10.0.0.1"]}, "want": {"DF-CFG-001 violation recommended"}},
		"both families": {"spec": {"controller-ips": ["10.0.0.1", "fd00::1"]}, "want": {"DF-CFG-002 violation required"}},
	}
	results := agent_config.results with input as fixture.started({}, [fixture.document("AgentConfig", "deepflow-agent", case.spec)])
	fixture.unmet(results) == case.want
	{result.subject.kind | some result in results} == {"AgentConfig"}
}
