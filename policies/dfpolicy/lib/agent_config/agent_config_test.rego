package dfpolicy.lib.agent_config_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.running

_opaque := {"opaque": true}

_agent := {
	"subject": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
	"container": {"volumeMounts": [{"name": "c", "mountPath": "/etc/deepflow-agent"}]},
	"pod": {"volumes": [{"name": "c", "configMap": {"name": "deepflow-agent"}}]},
}

_entry(key, item) := {"key": key, "value": item}

# The evaluator's decoded file of the fixture's ConfigMap.
_decoded(file) := object.union(fixture.configuration("a: b"), {"decoded": {"deepflow-agent.yaml": file}})

_value(key, given) := {"root": "mapping", "entries": [{"key": key, "line": 1, "value": given}]}

test_value[name] if {
	some name, case in {
		"quoted": {"key": "a", "value": "b", "want": "b"},
		"quoted null": {"key": "a", "value": "null", "want": "null"},
		"plain": {"key": "a", "value": {"plain": "0x10"}, "want": "0x10"},
		"null": {"key": "a", "value": {"plain": "~"}, "want": null},
		"null of a key with a string": {"key": "log-file", "value": {"plain": "null"}, "want": "null"},
		"nothing of a key with a string": {"key": "log-file", "value": {"plain": ""}, "want": null},
		"list": {"key": "a", "value": ["b", {"plain": "c"}, {"plain": ""}, {"nested": true}], "want": ["b", "c", null, _opaque]},
		"mapping": {"key": "a", "value": {"nested": true}, "want": _opaque},
		"tag": {"key": "a", "value": {"tagged": "b"}, "want": _opaque},
	}
	entries := agent_config.entries(_agent) with input as {"resources": [_decoded(_value(case.key, case.value))]}
	entries == [_entry(case.key, case.want)]
}

test_entries_of_nothing[name] if {
	some name, text in {"empty": "", "comments alone": "# a: b\n"}
	entries := agent_config.entries(_agent) with input as {"resources": [fixture.configuration(text)]}
	entries == []
}

test_no_entries[name] if {
	some name, case in {
		"a list": {"map": fixture.configuration("- a"), "want": "a value of deepflow-agent.yaml, which the agent rejects"},
		"not YAML": {"map": fixture.configuration("a:\n\tb: c"), "want": "a value of deepflow-agent.yaml, which the agent rejects"},
		"not decoded": {
			"map": object.remove(fixture.configuration("a: b"), ["decoded"]),
			"want": "the content of deepflow-agent.yaml (it is not plain keys and lists)",
		},
	}
	resources := [case.map]
	not agent_config.entries(_agent) with input as {"resources": resources}
	verdict := agent_config.unknown(_agent) with input as {"resources": resources}
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": concat("", ["not known: ", case.want]),
		"expected": "",
		"collect": "kubectl get configmap -n deepflow deepflow-agent -o yaml",
	}
}

test_missing_file[name] if {
	found := fixture.configuration("a: b")
	some name, case in {
		"no ConfigMap": {"resources": [], "want": []},
		"another name": {"resources": [object.union(found, {"metadata": {"name": "b"}})], "want": []},
		"another namespace": {"resources": [object.union(found, {"metadata": {"namespace": "b"}})], "want": []},
		"another kind": {"resources": [object.union(found, {"kind": "Secret"})], "want": []},
		"no name": {"resources": [object.union(found, {"metadata": {"name": null}})], "want": []},
		"another key": {"resources": [_holding({"b": "a: b"})], "want": ["lacking"]},
		"data null": {"resources": [_holding(null)], "want": ["lacking"]},
		"data a list": {"resources": [_holding(["a"])], "want": ["lacking"]},
		"text null": {"resources": [fixture.configuration(null)], "want": ["lacking"]},
		"text an object": {"resources": [fixture.configuration({"a": "b"})], "want": ["lacking"]},
		"garbage": {"resources": [null, 3, {}], "want": []},
	}
	not agent_config.entries(_agent) with input as {"resources": case.resources}
	lacking := ["lacking" | agent_config.lacking(_agent)] with input as {"resources": case.resources}
	lacking == case.want
	controllers := agent_config.controllers(_agent) with input as {"resources": case.resources}
	controllers == []
}

_holding(texts) := json.patch(
	object.remove(fixture.configuration("a: b"), ["decoded"]),
	[{"op": "replace", "path": "/data", "value": texts}],
)

test_unusable[name] if {
	some name, case in {
		"read": {"map": fixture.configuration("log-file: a"), "want": []},
		"no such key": {"map": fixture.configuration("a: b"), "want": []},
		"type": {"map": fixture.configuration("log-file: [a]"), "want": ["log-file is a list, but must be a string"]},
		"type of another key": {"map": fixture.configuration("team-id: [a]"), "want": []},
		"document": {"map": fixture.configuration("- a"), "want": ["the top level of deepflow-agent.yaml is not a mapping of keys"]},
		"missing": {"map": _holding({}), "want": ["the ConfigMap has no key deepflow-agent.yaml"]},
	}
	found := [verdict.observed | verdict := agent_config.unusable(_agent, "log-file", "a string")] with input as {"resources": [case.map]}
	found == case.want
}

test_subject[name] if {
	config_map := {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "deepflow", "name": "m"}
	mounted := [{"name": "c", "mountPath": "/etc/deepflow-agent"}]
	some name, case in {
		"directory": {"mounts": mounted, "volumes": [{"name": "c", "configMap": {"name": "m"}}], "want": config_map},
		"slash at the end": {
			"mounts": [{"name": "c", "mountPath": "/etc/deepflow-agent/"}],
			"volumes": [{"name": "c", "configMap": {"name": "m"}}],
			"want": config_map,
		},
		"file": {
			"mounts": [
				{"name": "d", "mountPath": "/etc/deepflow-agent"},
				{"name": "c", "mountPath": "/etc/deepflow-agent/deepflow-agent.yaml", "subPath": "deepflow-agent.yaml"},
			],
			"volumes": [{"name": "d", "emptyDir": {}}, {"name": "c", "configMap": {"name": "m"}}],
			"want": config_map,
		},
		"elsewhere": {
			"mounts": [{"name": "c", "mountPath": "/etc/other"}],
			"volumes": [{"name": "c", "configMap": {"name": "m"}}],
			"want": _agent.subject,
		},
		"no ConfigMap": {"mounts": mounted, "volumes": [{"name": "c", "emptyDir": {}}], "want": _agent.subject},
		"name null": {"mounts": mounted, "volumes": [{"name": "c", "configMap": {"name": null}}], "want": _agent.subject},
		"ConfigMap null": {"mounts": mounted, "volumes": [{"name": "c", "configMap": null}], "want": _agent.subject},
		"no mount": {"mounts": null, "volumes": null, "want": _agent.subject},
		"garbage": {"mounts": {"a": 1}, "volumes": [null, 3], "want": _agent.subject},
	}
	agent_config.subject({
		"subject": _agent.subject,
		"container": {"volumeMounts": case.mounts},
		"pod": {"volumes": case.volumes},
	}) == case.want
}

test_unknown_without_a_mount if {
	nameless := fixture.configuration("a: b")
	agent := {"subject": _agent.subject, "container": {}, "pod": {}}
	verdict := agent_config.unknown(agent) with input as {"resources": [nameless, object.remove(nameless, ["metadata"])]}
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": "not known: the ConfigMap that contains deepflow-agent.yaml",
		"expected": "",
		"collect": "kubectl get configmaps -n deepflow -o yaml",
	}
}

test_values[name] if {
	some name, case in {
		"once": {"text": "a: b\nc: d", "want": ["b"]},
		"null": {"text": "a:", "want": [null]},
		"opaque": {"text": "a: {b: c}", "want": [_opaque]},
		"absent": {"text": "c: d", "want": []},
		"empty": {"text": "", "want": []},
		"unreadable": {"text": "- a", "want": []},
	}
	values := agent_config.values(_agent, "a") with input as {"resources": [fixture.configuration(case.text)]}
	values == case.want
}

test_controllers[name] if {
	some name, case in {
		"list": {"text": "controller-ips:\n- 10.0.0.1\n- a", "want": ["10.0.0.1", "a"]},
		"flow list": {"text": "controller-ips: [10.0.0.1]", "want": ["10.0.0.1"]},
		"scalar": {"text": "controller-ips: 10.0.0.1", "want": ["10.0.0.1"]},
		"empty items": {"text": "controller-ips:\n- ''\n-\n- a", "want": ["a"]},
		"a mapping among them": {"text": "controller-ips:\n- b: c\n- a", "want": ["a"]},
		"opaque": {"text": "controller-ips: {a: b}", "want": []},
		"null": {"text": "controller-ips:", "want": []},
		"absent": {"text": "a: b", "want": []},
	}
	controllers := agent_config.controllers(_agent) with input as {"resources": [fixture.configuration(case.text)]}
	controllers == case.want
}

test_doubt[name] if {
	some name, case in {
		"mapping in a list": {"text": "a:\n- b\n- c: d", "want": true},
		"nested map": {"text": "a:\n  b: c", "want": true},
		"text": {"text": "a: b", "want": false},
		"list": {"text": "a: [b]", "want": false},
		"null": {"text": "a:", "want": false},
		"another key": {"text": "a: b\nc: {d: e}", "want": false},
		"unreadable": {"text": "- a", "want": true},
	}
	doubts := [1 | agent_config.doubt(_agent, "a")] with input as {"resources": [fixture.configuration(case.text)]}
	doubts == [1 | case.want]
}

test_literal if {
	agent_config.literal("10.0.0.1")
	agent_config.literal("fd00::1")
	not agent_config.literal("a")
	not agent_config.literal(null)
}

test_running_agent_reads_the_running_config_map if {
	document := {
		"resources": [fixture.workload("DaemonSet", {}, {}), fixture.configuration("team-id: new")],
		"from": {"resources": [fixture.workload("DaemonSet", {}, {}), fixture.configuration("team-id: old")]},
	}
	found := {agent_config.values(workload, "team-id")[0] |
		some workload in array.concat(agent.workloads, running.agents)
	} with input as document
	found == {"new", "old"}
	old := [agent_config.values(workload, "team-id")[0] | some workload in running.agents] with input as document
	old == ["old"]
}

test_a_running_agent_does_not_read_the_new_configuration if {
	document := {
		"resources": [fixture.configuration("team-id: new")],
		"from": {"resources": [fixture.workload("DaemonSet", {}, {})]},
	}
	found := [workload | some workload in running.agents; agent_config.entries(workload)] with input as document
	found == []
}

_hosted(document) := found if {
	[found] := agent.collectors with input as document
}

_file(name, spec) := fixture.document("AgentConfig", name, spec)

test_decoded_entries if {
	document := fixture.started({}, [_file("deepflow-agent", {
		"controller-ips": ["10.0.0.1", 5, null, {"a": "b"}, ["c"]],
		"log-file": "a",
		"cgroups-disabled": true,
		"controller-port": 30035,
		"team-id": null,
		"pid-file": {"a": "b"},
	})])
	found := agent_config.entries(_hosted(document)) with input as document
	found == [
		{"key": "cgroups-disabled", "value": "true"},
		{"key": "controller-ips", "value": ["10.0.0.1", "5", null, {"opaque": true}, {"opaque": true}]},
		{"key": "controller-port", "value": "30035"},
		{"key": "log-file", "value": "a"},
		{"key": "pid-file", "value": {"opaque": true}},
		{"key": "team-id", "value": null},
	]
}

test_subject_on_a_host if {
	known := fixture.started({}, [_file("x", {})])
	subject := agent_config.subject(_hosted(known)) with input as known
	subject == {"apiVersion": "dfpolicy.dev/v1", "kind": "AgentConfig", "name": "x"}
	unknown := fixture.started({}, [])
	other := agent_config.subject(_hosted(unknown)) with input as unknown
	other.kind == "SystemdUnit"
}

test_agents_of_one_file_have_the_same_unknown if {
	document := fixture.composed({}, array.concat(
		[_file("deepflow-agent", {"controller-ips": {"a": "b"}})],
		fixture.started({}, []).resources,
	))
	agents := agent.collectors with input as document
	count(agents) == 2
	doubts := {agent_config.doubt(found, "controller-ips") | some found in agents} with input as document
	count(doubts) == 1
}

test_unknown_on_a_host if {
	document := fixture.composed({}, [])
	verdict := agent_config.unknown(_hosted(document)) with input as document
	verdict.observed == "not known: the agent's file /etc/deepflow-agent/deepflow-agent.yaml"
	verdict.collect == "cat /etc/deepflow-agent.yaml"
}
