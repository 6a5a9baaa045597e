# An agent with --standalone has no server, no group and no domain, in any mode.
package dfpolicy.main_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.main

_asking := {
	"DF-AIO-002", "DF-AIO-003", "DF-AIO-004", "DF-AIO-005",
	"DF-CFG-001", "DF-CFG-002", "DF-CFG-003",
	"DF-CH-001", "DF-CH-006",
	"DF-LH-001", "DF-LH-002", "DF-LH-003", "DF-LH-004", "DF-LH-009",
	"DF-MG-001", "DF-MG-002",
	"DF-MK-001", "DF-MK-002", "DF-MK-003", "DF-MK-004", "DF-MK-005", "DF-MK-006",
	"DF-NET-005",
	"DF-RBAC-002", "DF-RBAC-005", "DF-RBAC-013", "DF-RBAC-017", "DF-RBAC-018",
	"DF-RES-001",
	"DF-SK-001", "DF-SK-002", "DF-SK-003", "DF-SK-004", "DF-SK-005",
	"DF-SL-001", "DF-SL-003",
	"DF-UPG-001", "DF-UPG-002", "DF-UPG-003", "DF-UPG-005", "DF-UPG-006", "DF-UPG-009",
}

_alone := {"args": ["-f", "/etc/deepflow-agent/deepflow-agent.yaml", "--standalone"]}

test_a_standalone_agent_gets_no_question_about_a_server[mode] if {
	some mode, document in {
		"all-in-one": object.union(fixture.agent({}, _alone), {"mode": "all-in-one"}),
		"single-k8s": object.union(fixture.agent({}, _alone), {"mode": "single-k8s"}),
		"multi-k8s": object.union(fixture.agent({}, _alone), {"mode": "multi-k8s"}),
		"managed-k8s": object.union(fixture.agent({}, _alone), {"mode": "managed-k8s"}),
		"serverless-pod": object.union(fixture.agent({}, _alone), {"mode": "serverless-pod"}),
		"upgrade": object.union(fixture.agent({}, _alone), {"mode": "upgrade"}),
		"legacy-host": fixture.composed({"command": _alone.args}, []),
		"cloud-host": object.union(fixture.composed({"command": _alone.args}, []), {"mode": "cloud-host"}),
	}
	decision := main.decision with input as document
	decision.agents[0].standalone == true
	{result.id | some result in decision.results} & _asking == set()
	count(decision.results) > 10
}

# Which interfaces it captures is in its own file, whatever the configuration of a group says.
test_the_configuration_of_a_standalone_agent_is_not_that_of_a_group if {
	group := fixture.document("AgentGroupConfig", "g", {"inputs": {"cbpf": {"af_packet": {"interface_regex": "^eth.*"}}}})
	agent := fixture.agent({}, _alone)
	document := object.union(agent, {
		"nodes": [fixture.node("a", {"interfaces": ["eth0"]})],
		"resources": array.concat(agent.resources, [group]),
	})
	decision := main.decision with input as document
	{result.observed | some result in decision.results; result.id == "DF-CNI-005"} == {"not known: the standalone agent's own configuration (interface_regex)"}
}

# These variables stop the agent, or its capture, with and without a server.
test_watch_policy_of_a_standalone_agent[name] if {
	some name, case in {
		"former": {"env": {"name": "ONLY_WATCH_K8S_RESOURCE", "value": "true"}, "want": {"violation required"}},
		"watch-only": {"env": {"name": "K8S_WATCH_POLICY", "value": "watch-only"}, "want": {"violation required"}},
		"watch-disabled": {"env": {"name": "K8S_WATCH_POLICY", "value": "watch-disabled"}, "want": set()},
	}
	decision := main.decision with input as fixture.agent({}, object.union(_alone, {"env": [case.env]}))
	fixture.verdicts(decision.results, "DF-SL-003") == case.want
}
