package dfpolicy.requirements.agent_config.group_configuration_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.agent_config.group_configuration

_verdicts(version, spec) := {concat(" ", [result.outcome, result.level, result.observed]) | some result in results} if {
	group := {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "group"}, "spec": spec}
	resources := [fixture.workload("DaemonSet", {}, {"image": $"deepflow-agent:{version}"}), group]
	results := group_configuration.results with input as {"resources": resources}
}

test_verdict[name] if {
	matching := {"inputs": {"proc": {"process_matcher": [{"match_regex": "("}]}}}
	some name, case in {
		"paths": {"version": "v7.1", "spec": {"vtap_group_id": null, "inputs": {}}, "want": "pass recommended the agent reads 1 key"},
		"nothing": {"version": "v7.1", "spec": {}, "want": "pass recommended the group's configuration sets nothing"},
		"flat names": {"version": "v7.1", "spec": {"inputs": {}, "tap_mode": 1}, "want": "violation recommended agent 7.1 ignores tap_mode"},
		"paths, before v6.6.6": {"version": "v6.6.5", "spec": {"inputs": {}, "tap_mode": 1}, "want": "violation recommended agent 6.6.5 ignores inputs"},
		"invalid in a process matcher": {
			"version": "v7.1", "spec": matching,
			"want": `violation required match_regex is not a valid regular expression: "("`,
		},
		"invalid, before v6.6.6": {
			"version": "v6.5.9", "spec": {"extra_netns_regex": "[", "tap_interface_regex": "*"},
			"want": concat("", [
				`violation required tap_interface_regex is not a valid regular expression: "*"; `,
				`extra_netns_regex is not a valid regular expression: "["`,
			]),
		},
	}
	_verdicts(case.version, case.spec) == {case.want}
}

test_unknown_version if {
	verdicts := _verdicts("latest", {"inputs": {}})
	startswith([verdict | some verdict in verdicts][0], "unknown recommended not known: the agent's version")
}

test_silent_without_a_configuration if {
	results := group_configuration.results with input as fixture.agent({}, {})
	results == set()
}

test_loses_everything_with_an_invalid_expression if {
	group := {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "group"}, "spec": {"tap_interface_regex": "*"}}
	resources := [fixture.workload("DaemonSet", {}, {"image": "deepflow-agent:v6.4.9"}), group]
	results := group_configuration.results with input as {"resources": resources}
	{result.impact | some result in results} == {["Agent configuration", "All features"]}
}
