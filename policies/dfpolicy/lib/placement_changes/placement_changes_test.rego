package dfpolicy.lib.placement_changes_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.result

_violation := result.violation("a", "b")

_agents(document) := found if {
	found := agent.workloads with input as document
}

_excluded(name) := {"key": "metadata.name", "operator": "NotIn", "values": [name]}

test_kept_off[name] if {
	zone := {"key": "zone", "operator": "Exists"}
	affinity := {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
		{"matchExpressions": [zone]},
		{"matchFields": [_excluded("a")]},
	]}}}
	some name, case in {
		"without terms": {"pod": {}, "want": [{"matchFields": [_excluded("a"), _excluded("b")]}]},
		"each term": {"pod": {"affinity": affinity}, "want": [
			{"matchExpressions": [zone], "matchFields": [_excluded("a"), _excluded("b")]},
			{"matchFields": [_excluded("a"), _excluded("b")]},
		]},
	}
	verdict := placement_changes.kept_off(_agents(fixture.agent(case.pod, {})), ["a", "b"], _violation)
	verdict.change.alternatives[0].operations[0].value.nodeSelectorTerms == case.want
}

test_hosts_have_no_placement if {
	placement_changes.kept_off(_agents(fixture.started({}, [])), ["a"], _violation) == _violation
}

test_selected_as if {
	[found] := _agents(fixture.agent({}, {}))
	verdict := placement_changes.selected_as(found, {"app": "a"}, _violation)
	[same, new] := verdict.change.alternatives
	[operation.path | some operation in same.operations] == [
		["spec", "selector", "matchLabels"],
		["spec", "template", "metadata", "labels", "app"],
	]
	new.commands[0].run == "kubectl delete daemonset -n deepflow deepflow-agent --cascade=orphan"
	placement_changes.selected_as(found, {}, result.pass("a")) == result.pass("a")
}

test_a_namespace_that_admits_the_agent_stays if {
	placement_changes.admitting({"kind": "Namespace", "name": "a"}, true, {"outcome": "pass"}) == {"outcome": "pass"}
}
