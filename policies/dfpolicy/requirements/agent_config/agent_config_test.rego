package dfpolicy.requirements.agent_config.agent_config_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.agent_config[_].results})

test_without_the_config_map if {
	results := answers with input as fixture.agent({}, {})
	fixture.unmet(results) == {"DF-CFG-001 unknown recommended", "DF-CFG-002 unknown required"}
}

test_config_map_without_the_file if {
	resources := [fixture.workload("DaemonSet", {}, {}), object.remove(fixture.configuration(""), ["data"])]
	results := answers with input as {"resources": resources}
	fixture.unmet(results) == {"DF-CFG-001 violation recommended", "DF-CFG-002 violation required"}
}

test_subject_is_the_config_map if {
	results := answers with input as fixture.configured({}, "log-file: a")
	{result.subject | some result in results} == {{
		"apiVersion": "v1",
		"kind": "ConfigMap",
		"namespace": "deepflow",
		"name": "deepflow-agent",
	}}
}

test_no_result_without_an_agent if {
	results := answers with input as {"resources": [fixture.configuration("a: b")]}
	results == set()
}

test_agent_on_a_host[name] if {
	some name, case in {
		"known": {"spec": {"controller-ips": ["10.0.0.1"]}, "want": set()},
		"misspelt": {"spec": {"controler-ips": ["10.0.0.1"]}, "want": {"DF-CFG-001 violation recommended"}},
		"both families": {"spec": {"controller-ips": ["10.0.0.1", "fd00::1"]}, "want": {"DF-CFG-002 violation required"}},
	}
	results := answers with input as fixture.started({}, [fixture.document("AgentConfig", "deepflow-agent", case.spec)])
	fixture.unmet(results) == case.want
	{result.subject.kind | some result in results} == {"AgentConfig"}
}

test_a_shared_file_has_one_result_per_requirement if {
	document := fixture.configured({}, "controller-ips:")
	older := object.union(
		fixture.workload("DaemonSet", {}, {"image": "registry.example.com/deepflow-ce/deepflow-agent:v6.5.8"}),
		{"metadata": {"name": "older"}},
	)
	results := answers with input as object.union(document, {"resources": array.concat(document.resources, [older])})
	count(results) == count({result.id | some result in results})
	fixture.unmet(results) != set()
}
