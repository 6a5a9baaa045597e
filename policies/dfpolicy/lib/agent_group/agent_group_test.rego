package dfpolicy.lib.agent_group_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.fixture_test as fixture

_group(name, spec) := {
	"apiVersion": "dfpolicy.dev/v1",
	"kind": "AgentGroupConfig",
	"metadata": {"name": name},
	"spec": spec,
}

_input(text, groups) := {"resources": array.concat(
	[fixture.workload("DaemonSet", {}, {}), fixture.configuration(text)],
	groups,
)}

test_configuration[name] if {
	own := "vtap-group-id-request: g-1\n"
	some name, case in {
		"by id": {"text": own, "groups": [_group("a", {"vtap_group_id": "g-1", "n": 1}), _group("b", {"vtap_group_id": "g-2"})], "want": [1]},
		"by name": {"text": own, "groups": [_group("g-1", {"n": 1}), _group("b", {})], "want": [1]},
		"the only one": {"text": own, "groups": [_group("a", {"n": 1})], "want": [1]},
		"the only one, no group": {"text": "", "groups": [_group("a", {"n": 1})], "want": [1]},
		"of another group": {"text": own, "groups": [_group("a", {"vtap_group_id": "g-2", "n": 1})], "want": []},
		"two without id": {"text": own, "groups": [_group("a", {"n": 1}), _group("b", {"n": 2})], "want": []},
		"two of one id": {"text": own, "groups": [_group("a", {"vtap_group_id": "g-1"}), _group("g-1", {})], "want": []},
		"not an object": {"text": own, "groups": [_group("a", 7)], "want": [null]},
		"none": {"text": own, "groups": [], "want": []},
	}
	found := [object.get(spec, "n", null) | spec := agent_group.configuration(agent.collectors[0])] with input as _input(case.text, case.groups)
	found == case.want
}

test_requested[name] if {
	some name, case in {
		"an id": {"text": "vtap-group-id-request: g-1\n", "want": ["g-1"], "exemplary": false},
		"a name": {"text": "vtap-group-id-request: edge\n", "want": ["edge"], "exemplary": false},
		"a placeholder": {"text": "vtap-group-id-request: g-fffffff\n", "want": [], "exemplary": true},
		"null": {"text": "vtap-group-id-request:\n", "want": [], "exemplary": false},
		"nothing": {"text": "", "want": [], "exemplary": false},
	}
	found := [group | group := agent_group.requested(agent.collectors[0])] with input as _input(case.text, [])
	found == case.want
	exemplary := [1 | agent_group.exemplary(agent.collectors[0])] with input as _input(case.text, [])
	count(exemplary) == 1 == case.exemplary
}

test_unknown_has_the_keys if {
	agent_group.unknown("a").observed == "not known: the agent group's configuration (a)"
}

test_the_server_reads_its_settings_for_any_agent if {
	group := _group("a", {"inputs": {"resources": {"workload_resource_sync_enabled": true}}})
	resources := [fixture.workload("DaemonSet", {}, {"image": "deepflow-agent:v6.5.8"}), group]
	setting := agent_group.setting(agent.collectors[0], "workload_resource_sync_enabled") with input as {"resources": resources}
	setting == true
}
