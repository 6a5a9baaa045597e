package dfpolicy.lib.agent_file_test

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.fixture_test as fixture

_mounted(container, volume) := {
	"subject": {"apiVersion": "apps/v1", "kind": "DaemonSet", "namespace": "deepflow", "name": "deepflow-agent"},
	"form": "kubernetes",
	"container": object.union({"volumeMounts": [{"name": "c", "mountPath": "/etc/deepflow-agent"}]}, container),
	"pod": {"volumes": [object.union({"name": "c"}, volume)]},
}

_maps := {"resources": [
	{
		"kind": "ConfigMap",
		"metadata": {"name": "deepflow-agent", "namespace": "deepflow"},
		"data": {"agent.yaml": "a: b", "empty.yaml": "", "strange.yaml": "a: b"},
		"binaryData": {"binary.yaml": "YTogYg=="},
		"decoded": {
			"agent.yaml": {"root": "mapping", "entries": [{"key": "a", "line": 1, "value": {"plain": "b"}}]},
			"binary.yaml": {"root": "mapping", "entries": [{"key": "c", "line": 1, "value": "d"}]},
		},
	},
	{"kind": "ConfigMap", "metadata": {"name": "other", "namespace": "deepflow"}, "data": {"x": "y"}},
]}

test_path[name] if {
	some name, case in {
		"image": {"container": {}, "want": "/etc/deepflow-agent/deepflow-agent.yaml"},
		"argument": {"container": {"args": ["-f", "/a.yaml"]}, "want": "/a.yaml"},
		"joined": {"container": {"args": ["-f/a.yaml"]}, "want": "/a.yaml"},
		"joined with a sign": {"container": {"args": ["-f=/a.yaml"]}, "want": "/a.yaml"},
		"long": {"container": {"command": ["/bin/deepflow-agent", "--config-file=/a.yaml"]}, "want": "/a.yaml"},
		"alias": {"container": {"command": ["deepflow-agent", "-c", "/a.yaml"]}, "want": "/a.yaml"},
		"the last": {"container": {"args": ["-f", "/a.yaml", "-f", "/b.yaml"]}, "want": "/b.yaml"},
		"script": {"container": {"command": ["sh", "-c", "exec deepflow-agent -f '/a.yaml'"]}, "want": "/a.yaml"},
		"program alone": {"container": {"command": ["/bin/deepflow-agent"]}, "want": "/etc/deepflow-agent.yaml"},
		"no path": {"container": {"command": ["/bin/deepflow-agent", "-f"]}, "want": "/etc/deepflow-agent.yaml"},
		"other arguments": {"container": {"args": ["--cgroups-disabled"]}, "want": "/etc/deepflow-agent/deepflow-agent.yaml"},
	}
	agent_file.path(_mounted(case.container, {})) == case.want
}

_item(key) := {"items": [{"key": "other", "path": "x"}, {"key": key, "path": "deepflow-agent.yaml"}]}

test_decoded_from_config_maps[name] if {
	map := {"configMap": {"name": "deepflow-agent"}}

	some name, case in {
		"items": {"volume": object.union(map, {"configMap": _item("agent.yaml")}), "want": ["a"]},
		"empty": {"volume": object.union(map, {"configMap": _item("empty.yaml")}), "want": []},
		"binary": {"volume": object.union(map, {"configMap": _item("binary.yaml")}), "want": ["c"]},
		"another file": {"container": {"args": ["-f", "/etc/deepflow-agent/agent.yaml"]}, "volume": map, "want": ["a"]},
		"sub-path": {
			"container": {"volumeMounts": [{"name": "c", "mountPath": "/etc/deepflow-agent/deepflow-agent.yaml", "subPath": "agent.yaml"}]},
			"volume": map,
			"want": ["a"],
		},
		"sub-path of items": {
			"container": {"volumeMounts": [{"name": "c", "mountPath": "/etc/deepflow-agent/", "subPath": "x"}]},
			"volume": {"configMap": {"name": "deepflow-agent", "items": [{"key": "agent.yaml", "path": "x/deepflow-agent.yaml"}]}},
			"want": ["a"],
		},
		"detours": {
			"container": {
				"args": ["-f", "/etc//deepflow-agent/./deepflow-agent.yaml"],
				"volumeMounts": [{"name": "c", "mountPath": "/etc/./deepflow-agent/", "subPath": "./x/"}],
			},
			"volume": {"configMap": {"name": "deepflow-agent", "items": [{"key": "agent.yaml", "path": "x/./deepflow-agent.yaml"}]}},
			"want": ["a"],
		},
		"projected": {
			"volume": {"projected": {"sources": [
				{"secret": {"name": "s"}},
				{"configMap": {"name": "absent"}},
				{"configMap": {"name": "other"}},
				{"configMap": object.union({"name": "deepflow-agent"}, _item("agent.yaml"))},
			]}},
			"want": ["a"],
		},
	}
	found := agent_file.decoded(_mounted(object.get(case, "container", {}), case.volume)) with input as _maps
	[entry.key | some entry in found.entries] == case.want
}

test_not_decoded[name] if {
	map := {"configMap": {"name": "deepflow-agent"}}
	some name, case in {
		"another file": {"container": {"args": ["-f", "/etc/other/agent.yaml"]}, "volume": map, "want": []},
		"variable": {"container": {"args": ["-f", "$(FILE)"]}, "volume": map, "want": []},
		"not decoded": {"container": {"args": ["-f", "/etc/deepflow-agent/strange.yaml"]}, "volume": map, "want": []},
		"expression": {
			"container": {"volumeMounts": [{"name": "c", "mountPath": "/etc/deepflow-agent", "subPathExpr": "$(POD)"}]},
			"volume": map,
			"want": [],
		},
		"another volume": {"container": {}, "volume": {"hostPath": {"path": "/etc"}}, "want": []},
		"absent map": {"container": {}, "volume": {"configMap": {"name": "absent"}}, "want": []},
		"no such key": {"container": {}, "volume": map, "want": ["the ConfigMap has no key deepflow-agent.yaml"]},
		"no such item": {
			"container": {},
			"volume": {"configMap": {"name": "deepflow-agent", "items": [{"key": "agent.yaml", "path": "x"}]}},
			"want": ["the volume has no file deepflow-agent.yaml"],
		},
		"projected": {
			"container": {},
			"volume": {"projected": {"sources": [{"configMap": {"name": "deepflow-agent"}}]}},
			"want": ["the ConfigMap has no key deepflow-agent.yaml"],
		},
		"projected with a secret": {
			"container": {},
			"volume": {"projected": {"sources": [{"configMap": {"name": "deepflow-agent"}}, {"secret": {"name": "s"}}]}},
			"want": [],
		},
	}
	workload := _mounted(case.container, case.volume)
	not agent_file.decoded(workload) with input as _maps
	missing := [finding.text | finding := agent_file.missing(workload)] with input as _maps
	missing == case.want
}

test_unmounted[name] if {
	some name, case in {
		"mounted": {"container": {}, "want": []},
		"elsewhere": {"container": {"args": ["-f", "/a.yaml"]}, "want": [1]},
		"variable": {"container": {"args": ["-f", "$(FILE)"]}, "want": []},
	}
	[1 | agent_file.unmounted(_mounted(case.container, {}))] == case.want
}

_hosted(document) := found if {
	[found] := agent.collectors with input as document
}

_file(name, spec) := fixture.document("AgentConfig", name, spec)

test_document_of_an_agent_on_a_host[name] if {
	some name, case in {
		"the only one": {"service": {}, "files": [_file("x", {"controller-ips": ["a"]})], "want": "a"},
		"the one of its name": {
			"service": {},
			"files": [_file("x", {"controller-ips": ["a"]}), _file("deepflow-agent", {"controller-ips": ["b"]})],
			"want": "b",
		},
		"as the host names it": {
			"service": {"volumes": ["/etc/x.yaml:/etc/deepflow-agent/deepflow-agent.yaml"]},
			"files": [_file("x", {"controller-ips": ["a"]}), _file("deepflow-agent", {"controller-ips": ["b"]})],
			"want": "a",
		},
		"decoded": {
			"service": {},
			"files": [object.union(
				_file("x", {"controller-ips": ["a"]}),
				{"decoded": {"root": "mapping", "entries": [{"key": "controller-ips", "line": 2, "value": ["b"]}]}},
			)],
			"want": "b",
		},
		"none of two": {"service": {}, "files": [_file("x", {"controller-ips": ["a"]}), _file("y", {})], "want": null},
		"none": {"service": {}, "files": [], "want": null},
		"another kind": {"service": {}, "files": [fixture.document("Other", "x", {"controller-ips": ["a"]})], "want": null},
	}
	document := fixture.composed(case.service, case.files)
	found := [entry.value[0] | some entry in agent_file.decoded(_hosted(document)).entries] with input as document
	found == [case.want | case.want != null]
}

test_config_of_a_compose_service[name] if {
	decoded := {"root": "mapping", "entries": []}
	some name, case in {
		"content": {"project": {"decoded": {"agent": decoded}}, "want": [decoded], "path": "/etc/deepflow-agent/deepflow-agent.yaml"},
		"file": {"project": {"spec": {"configs": {"agent": {"file": "./x.yaml"}}}}, "want": [], "path": "./x.yaml"},
	}
	service := {"volumes": [], "configs": [{"source": "agent", "target": "/etc/deepflow-agent/deepflow-agent.yaml"}]}
	given := fixture.composed(service, [])
	document := object.union(given, {"resources": [object.union(given.resources[0], case.project)]})
	found := [file | file := agent_file.decoded(_hosted(document))] with input as document
	found == case.want
	path := agent_file.on_host(_hosted(document)) with input as document
	path == case.path
}

test_of_values if {
	agent_file.of_values({"c": true, "a": ["b", 5, {"d": 1}, null], "b": "x"}) == {
		"root": "mapping",
		"entries": [
			{"key": "a", "value": ["b", {"plain": "5"}, {"nested": true}, {"plain": ""}]},
			{"key": "b", "value": "x"},
			{"key": "c", "value": {"plain": "true"}},
		],
	}
}
