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

test_entries[name] if {
	some name, case in {
		"scalar": {"text": "a: b", "want": [_entry("a", "b")]},
		"number stays a text": {"text": "controller-port: 30035", "want": [_entry("controller-port", "30035")]},
		"several": {"text": "a: b\nc: d\n", "want": [_entry("a", "b"), _entry("c", "d")]},
		"blank lines and a document start": {"text": "---\n\na: b\n   \n\nc: d\n\n", "want": [_entry("a", "b"), _entry("c", "d")]},
		"CRLF": {"text": "a: b\r\nc:\r\n- d\r\n", "want": [_entry("a", "b"), _entry("c", ["d"])]},
		"indented as a whole": {"text": "  a: b\n  c:\n    - d", "want": [_entry("a", "b"), _entry("c", ["d"])]},
		"comment line": {"text": "# x: y\na: b\n  # c\nd: e", "want": [_entry("a", "b"), _entry("d", "e")]},
		"comment after a value": {"text": "a: b # c", "want": [_entry("a", "b")]},
		"comment after a tab": {"text": "a: b\t# c", "want": [_entry("a", "b")]},
		"comment after a key": {"text": "a: # c\n- b # d\n- e", "want": [_entry("a", ["b", "e"])]},
		"comment after quotes": {"text": "a: \"b\" # c\nd: 'e' # f", "want": [_entry("a", "b"), _entry("d", "e")]},
		"# within a word": {"text": "a: b#c", "want": [_entry("a", "b#c")]},
		"quoted #": {"text": "a: \"b # c\"\nd: 'e # f'", "want": [_entry("a", "b # c"), _entry("d", "e # f")]},
		"quoted colon": {"text": "a: \"b: c\"", "want": [_entry("a", "b: c")]},
		"quoted empty": {"text": "a: \"\"\nb: ''", "want": [_entry("a", ""), _entry("b", "")]},
		"quoted keys": {"text": "\"a\": b\n'c': d", "want": [_entry("a", "b"), _entry("c", "d")]},
		"space before the colon": {"text": "a : b", "want": [_entry("a", "b")]},
		"null": {
			"text": "a:\nb: ~\nc: null\nd: Null\ne: NULL\nf: # g",
			"want": [
				_entry("a", null),
				_entry("b", null),
				_entry("c", null),
				_entry("d", null),
				_entry("e", null),
				_entry("f", null),
			],
		},
		"null word in quotes": {"text": "a: \"null\"", "want": [_entry("a", "null")]},
	}
	entries := agent_config.entries(_agent) with input as {"resources": [fixture.configuration(case.text)]}
	entries == case.want
}

test_entries_of_lists[name] if {
	some name, case in {
		"list": {"text": "a:\n- b\n- c", "want": [_entry("a", ["b", "c"])]},
		"list, indented": {"text": "a:\n  - b\n  - c\nd: e", "want": [_entry("a", ["b", "c"]), _entry("d", "e")]},
		"list with quotes": {"text": "a:\n- \"b\"\n- 'c'", "want": [_entry("a", ["b", "c"])]},
		"list with empty items": {"text": "a:\n-\n- ~\n- # c", "want": [_entry("a", [null, null, null])]},
		"flow list": {"text": "a: [b, \"c\", 'd']", "want": [_entry("a", ["b", "c", "d"])]},
		"flow list, empty": {"text": "a: []", "want": [_entry("a", [])]},
		"flow list, comma at the end": {"text": "a: [b, ] # c", "want": [_entry("a", ["b"])]},
		"IPv6": {"text": "a: fd00::1\nb:\n- ::1\nc: [fd00::2]", "want": [
			_entry("a", "fd00::1"),
			_entry("b", ["::1"]),
			_entry("c", ["fd00::2"]),
		]},
		"IPv6 that YAML takes for a key": {"text": "a:\n- fd00::", "want": [_entry("a", [_opaque])]},
		"key repeated": {"text": "a: b\na: c", "want": [_entry("a", "b"), _entry("a", "c")]},
	}
	entries := agent_config.entries(_agent) with input as {"resources": [fixture.configuration(case.text)]}
	entries == case.want
}

test_entries_that_are_opaque[name] if {
	some name, case in {
		"nested map": {"text": "a:\n  b: c\nd: e", "want": [_entry("a", _opaque), _entry("d", "e")]},
		"map in a list": {"text": "a:\n- b: c", "want": [_entry("a", [_opaque])]},
		"longer map in a list": {"text": "a:\n- b: c\n  d: e", "want": [_entry("a", _opaque)]},
		"list in a list": {"text": "a:\n- - b", "want": [_entry("a", [_opaque])]},
		"list of uneven indentation": {"text": "a:\n  - b\n    - c", "want": [_entry("a", _opaque)]},
		"value on the next line": {"text": "a:\n  b", "want": [_entry("a", _opaque)]},
		"value over two lines": {"text": "a: b\n  c", "want": [_entry("a", _opaque)]},
		"flow map": {"text": "a: {b: c}", "want": [_entry("a", _opaque)]},
		"flow list in a flow list": {"text": "a: [[b]]", "want": [_entry("a", _opaque)]},
		"flow list over two lines": {"text": "a: [b,\n  c]", "want": [_entry("a", _opaque)]},
		"flow list, comma in quotes": {"text": "a: [\"b,c\"]", "want": [_entry("a", [_opaque, "c\""])]},
		"anchor": {"text": "a: &x b", "want": [_entry("a", _opaque)]},
		"alias": {"text": "a: *x\nb:\n- *x", "want": [_entry("a", _opaque), _entry("b", [_opaque])]},
		"tag": {"text": "a: !!str 1", "want": [_entry("a", _opaque)]},
		"literal block": {"text": "a: |\n  b\n  c: d\ne: f", "want": [_entry("a", _opaque), _entry("e", "f")]},
		"folded block, empty": {"text": "a: >-", "want": [_entry("a", _opaque)]},
		"escape in quotes": {"text": "a: \"b\\n\"", "want": [_entry("a", _opaque)]},
		"quote in quotes": {"text": "a: 'b''c'", "want": [_entry("a", _opaque)]},
		"open quote": {"text": "a: \"b", "want": [_entry("a", _opaque)]},
		"colon in a plain value": {"text": "a: b: c", "want": [_entry("a", _opaque)]},
	}
	entries := agent_config.entries(_agent) with input as {"resources": [fixture.configuration(case.text)]}
	entries == case.want
}

test_entries_of_nothing[name] if {
	some name, case in {
		"empty": {"text": "", "want": []},
		"blank": {"text": " \n\n", "want": []},
		"comments alone": {"text": "# a: b\n---\n", "want": []},
	}
	entries := agent_config.entries(_agent) with input as {"resources": [fixture.configuration(case.text)]}
	entries == case.want
}

test_no_entries[name] if {
	some name, text in {
		"list": "- a\n- b",
		"word": "a",
		"sentence": "this is no YAML",
		"line that is no key": "a: b\nthis is no YAML",
		"line that is no key after a list": "a:\n- b\nc\n",
		"key of other letters": "a: b\n<<: *c",
		"no space after the colon": "a:b",
		"flow map": "{a: b}",
		"less indented key": "  a: b\nc: d",
		"indented with a tab": "a:\n\tb: c",
		"second document end": "a: b\n...",
	}
	resources := [fixture.configuration(text)]
	not agent_config.entries(_agent) with input as {"resources": resources}
	verdict := agent_config.unknown(_agent) with input as {"resources": resources}
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": "not known: the content of deepflow-agent.yaml (it is not plain keys and lists)",
		"expected": "",
		"collect": "kubectl get configmap -n deepflow deepflow-agent -o yaml",
	}
}

test_text_absent[name] if {
	found := fixture.configuration("a: b")
	some name, case in {
		"no ConfigMap": {"resources": [], "want": []},
		"another name": {"resources": [object.union(found, {"metadata": {"name": "b"}})], "want": []},
		"another namespace": {"resources": [object.union(found, {"metadata": {"namespace": "b"}})], "want": []},
		"another kind": {"resources": [object.union(found, {"kind": "Secret"})], "want": []},
		"no name": {"resources": [object.union(found, {"metadata": {"name": null}})], "want": []},
		"another key": {"resources": [json.patch(found, [{"op": "replace", "path": "/data", "value": {"b": "a: b"}}])], "want": ["lacking"]},
		"data null": {"resources": [json.patch(found, [{"op": "replace", "path": "/data", "value": null}])], "want": ["lacking"]},
		"data a list": {"resources": [json.patch(found, [{"op": "replace", "path": "/data", "value": ["a"]}])], "want": ["lacking"]},
		"text null": {"resources": [fixture.configuration(null)], "want": ["lacking"]},
		"text an object": {"resources": [fixture.configuration({"a": "b"})], "want": ["lacking"]},
		"garbage": {"resources": [null, 3, {}], "want": []},
	}
	not agent_config.text(_agent) with input as {"resources": case.resources}
	not agent_config.entries(_agent) with input as {"resources": case.resources}
	lacking := ["lacking" | agent_config.lacking(_agent)] with input as {"resources": case.resources}
	lacking == case.want
	verdict := agent_config.unknown(_agent) with input as {"resources": case.resources}
	object.remove(verdict, ["messages"]) == {
		"outcome": "unknown",
		"observed": "not known: the ConfigMap that contains deepflow-agent.yaml",
		"expected": "",
		"collect": "kubectl get configmap -n deepflow deepflow-agent -o yaml",
	}
	controllers := agent_config.controllers(_agent) with input as {"resources": case.resources}
	controllers == []
}

test_text[name] if {
	some name, case in {
		"there": {"resources": [fixture.configuration("a: b")], "want": "a: b"},
		"empty": {"resources": [fixture.configuration("")], "want": ""},
		"namespace of the release": {
			"resources": [{
				"kind": "ConfigMap",
				"metadata": {"name": "deepflow-agent"},
				"data": {"deepflow-agent.yaml": "a: b"},
			}],
			"want": "a: b",
		},
		"the same twice": {"resources": [fixture.configuration("a: b"), fixture.configuration("a: b")], "want": "a: b"},
		"the namesakes in order": {"resources": [fixture.configuration("b: c"), fixture.configuration("a: b")], "want": "a: b"},
	}
	document := {"release": {"namespace": "deepflow"}, "resources": case.resources}
	text := agent_config.text(_agent) with input as document
	text == case.want
	not agent_config.lacking(_agent) with input as document
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

# An agent without a mount does not get the ConfigMap without a name.
test_nameless_config_map_is_ignored if {
	agent := {"subject": _agent.subject, "container": {}, "pod": {}}
	nameless := object.union(fixture.configuration("a: b"), {"metadata": {"name": ""}})
	not agent_config.text(agent) with input as {"resources": [nameless]}
	not agent_config.lacking(agent) with input as {"resources": [nameless]}
}

test_values[name] if {
	some name, case in {
		"once": {"text": "a: b\nc: d", "want": ["b"]},
		"repeated": {"text": "a: b\na:\n- c", "want": ["b", ["c"]]},
		"null": {"text": "a:", "want": [null]},
		"opaque": {"text": "a: &x", "want": [_opaque]},
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
		"repeated": {"text": "controller-ips: [a]\ncontroller-ips: [b]", "want": ["a", "b"]},
		"an alias among them": {"text": "controller-ips:\n- *x\n- a", "want": ["a"]},
		"opaque": {"text": "controller-ips: *x", "want": []},
		"null": {"text": "controller-ips:", "want": []},
		"absent": {"text": "a: b", "want": []},
	}
	controllers := agent_config.controllers(_agent) with input as {"resources": [fixture.configuration(case.text)]}
	controllers == case.want
}

test_opaque[name] if {
	some name, case in {
		"alias": {"text": "a: *x", "want": true},
		"alias in a list": {"text": "a:\n- b\n- *x", "want": true},
		"nested map": {"text": "a:\n  b: c", "want": true},
		"second of two": {"text": "a: b\na: *x", "want": true},
		"text": {"text": "a: b", "want": false},
		"list": {"text": "a: [b]", "want": false},
		"null": {"text": "a:", "want": false},
		"another key": {"text": "a: b\nc: *x", "want": false},
		"unreadable": {"text": "- a", "want": false},
	}
	opaque := [1 | agent_config.opaque(_agent, "a")] with input as {"resources": [fixture.configuration(case.text)]}
	opaque == [1 | case.want]
}

test_family[name] if {
	some name, case in {
		"IPv4": {"address": "10.0.0.1", "want": "IPv4"},
		"IPv6": {"address": "fd00::1", "want": "IPv6"},
		"IPv6, whole": {"address": "2001:DB8:0:0:0:0:0:1", "want": "IPv6"},
		"IPv6, loopback": {"address": "::1", "want": "IPv6"},
		"IPv6, unspecified": {"address": "::", "want": "IPv6"},
		"IPv6, zone": {"address": "fe80::1%eth0", "want": "IPv6"},
		"IPv6, mapped": {"address": "::ffff:10.0.0.1", "want": "IPv6"},
		"name": {"address": "deepflow-server", "want": "name"},
		"name of hexadecimal letters": {"address": "cafe", "want": "name"},
		"IPv4 with a port": {"address": "10.0.0.1:30035", "want": "name"},
		"name with a port": {"address": "cafe:30035", "want": "name"},
		"three numbers": {"address": "10.0.1", "want": "name"},
		"five numbers": {"address": "10.0.0.0.1", "want": "name"},
		"brackets": {"address": "[fd00::1]", "want": "name"},
		"empty": {"address": "", "want": "name"},
		"null": {"address": null, "want": "name"},
		"number": {"address": 10, "want": "name"},
		"object": {"address": {"opaque": true}, "want": "name"},
	}
	agent_config.family(case.address) == case.want
}

test_literal if {
	agent_config.literal("10.0.0.1")
	agent_config.literal("fd00::1")
	not agent_config.literal("a")
	not agent_config.literal(null)
}

test_key_mounted_under_another_name[name] if {
	some name, case in {
		"items": {
			"mount": {},
			"source": {"items": [{"key": "other", "path": "x"}, {"key": "agent.yaml", "path": "deepflow-agent.yaml"}]},
			"want": "a: b",
		},
		"subPath": {
			"mount": {"mountPath": "/etc/deepflow-agent/deepflow-agent.yaml", "subPath": "agent.yaml"},
			"source": {},
			"want": "a: b",
		},
		"items and subPath": {
			"mount": {"mountPath": "/etc/deepflow-agent/deepflow-agent.yaml", "subPath": "x"},
			"source": {"items": [{"key": "agent.yaml", "path": "x"}]},
			"want": "a: b",
		},
	}
	agent := {
		"subject": _agent.subject,
		"container": {"volumeMounts": [object.union({"name": "c", "mountPath": "/etc/deepflow-agent"}, case.mount)]},
		"pod": {"volumes": [{"name": "c", "configMap": object.union({"name": "deepflow-agent"}, case.source)}]},
	}
	document := {
		"kind": "ConfigMap",
		"metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
		"data": {"agent.yaml": "a: b"},
	}
	text := agent_config.text(agent) with input as {"resources": [document]}
	text == case.want
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

test_file_of_an_agent_on_a_host[name] if {
	some name, case in {
		"systemd": {"document": fixture.started({}, []), "want": "/etc/deepflow-agent.yaml"},
		"compose": {"document": fixture.composed({}, []), "want": "/etc/deepflow-agent/deepflow-agent.yaml"},
		"given": {"document": fixture.started({"ExecStart": ["/deepflow-agent -f /a.yaml"]}, []), "want": "/a.yaml"},
		"given by name": {"document": fixture.composed({"command": ["--config-file", "/a.yaml"]}, []), "want": "/a.yaml"},
		"given at once": {"document": fixture.composed({"command": "--config-file=/a.yaml"}, []), "want": "/a.yaml"},
		"no path": {"document": fixture.started({"ExecStart": ["/deepflow-agent -f"]}, []), "want": "/etc/deepflow-agent.yaml"},
	}
	file := agent_config.file(_hosted(case.document)) with input as case.document
	file == case.want
}

test_document_of_an_agent_on_a_host[name] if {
	some name, case in {
		"the only one": {"service": {}, "files": [_file("x", {"controller-ips": ["a"]})], "want": ["a"]},
		"the one of its name": {
			"service": {},
			"files": [_file("x", {"controller-ips": ["a"]}), _file("deepflow-agent", {"controller-ips": ["b"]})],
			"want": ["b"],
		},
		"as the host names it": {
			"service": {"volumes": ["/etc/x.yaml:/etc/deepflow-agent/deepflow-agent.yaml"]},
			"files": [_file("x", {"controller-ips": ["a"]}), _file("deepflow-agent", {"controller-ips": ["b"]})],
			"want": ["a"],
		},
		"none of two": {"service": {}, "files": [_file("x", {"controller-ips": ["a"]}), _file("y", {})], "want": []},
		"none": {"service": {}, "files": [], "want": []},
		"another kind": {"service": {}, "files": [fixture.document("Other", "x", {"controller-ips": ["a"]})], "want": []},
	}
	document := fixture.composed(case.service, case.files)
	found := agent_config.controllers(_hosted(document)) with input as document
	found == case.want
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
