package dfpolicy.adapters.documents_test

import data.dfpolicy.adapters.documents

_document(path, contents) := {"path": path, "contents": contents}

_named(kind, name) := {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}

_ours(kind, name, spec) := {"apiVersion": "dfpolicy.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}

_nothing := {"resources": [], "nodes": []}

test_resources[name] if {
	some name, case in {
		"one": {"contents": _named("Service", "a"), "want": [_named("Service", "a")]},
		"list": {
			"contents": {"apiVersion": "v1", "kind": "List", "items": [_named("Pod", "a"), 5, {"kind": "Pod"}, _named("Pod", "b")]},
			"want": [_named("Pod", "a"), _named("Pod", "b")],
		},
		"empty list": {"contents": {"apiVersion": "v1", "kind": "List", "items": null}, "want": []},
		"typed list": {"contents": {"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}}]}, "want": [_named("Pod", "a")]},
		"a kind that ends in List": {"contents": _named("AllowList", "a"), "want": [_named("AllowList", "a")]},
		"not an object": {"contents": "a", "want": []},
		"null": {"contents": null, "want": []},
		"no kind": {"contents": {"a": 1}, "want": []},
		"kind of a wrong type": {"contents": {"apiVersion": "v1", "kind": 5}, "want": []},
	}
	documents.evaluation([_document("", case.contents)]) == object.union(_nothing, {"resources": case.want})
}

test_server_file[name] if {
	some name, case in {
		"configuration": {"text": "controller:\n  genesis: {}\n", "want": [_ours("ServerConfig", "a", {"controller": {"genesis": {}}})]},
		"another file": {"text": "a: 1\n", "want": []},
		"not YAML": {"text": "a: [", "want": []},
		"wrong type": {"text": 5, "want": []},
	}
	map := object.union(_named("ConfigMap", "a"), {"data": {"server.yaml": case.text}})
	documents.evaluation([_document("", map)]).resources == array.concat([map], case.want)
}

test_agent_files[name] if {
	some name, case in {
		"named": {"data": {"deepflow-agent.yaml": "log-file: 5"}, "want": {"deepflow-agent.yaml": {
			"root": "mapping",
			"entries": [{"key": "log-file", "value": {"plain": "5"}}],
		}}},
		"another name": {"data": {"x": "controller-ips: {}", "y": "a: b"}, "want": {"x": {
			"root": "mapping",
			"entries": [{"key": "controller-ips", "value": {"nested": true}}],
		}}},
		"empty": {"data": {"deepflow-agent.yaml": ""}, "want": {"deepflow-agent.yaml": {"root": "empty", "entries": []}}},
		"comments": {"data": {"deepflow-agent.yaml": "# a"}, "want": {"deepflow-agent.yaml": {"root": "nothing", "entries": []}}},
		"a list": {"data": {"deepflow-agent.yaml": "- a"}, "want": {"deepflow-agent.yaml": {"root": "scalar", "entries": []}}},
		"not YAML": {
			"data": {"deepflow-agent.yaml": "a: ["},
			"want": {"deepflow-agent.yaml": {"problem": {"reason": "yaml", "detail": ""}}},
		},
	}
	map := object.union(_named("ConfigMap", "a"), {"data": case.data})
	documents.evaluation([_document("", map)]).resources == [object.union(map, {"decoded": case.want})]
}

test_wrapped[name] if {
	some name, case in {
		"compose": {"path": "a/compose.yaml", "contents": {"services": {}}, "want": ["ComposeProject", "compose"]},
		"named compose": {"path": "", "contents": {"name": "x", "services": {}}, "want": ["ComposeProject", "x"]},
		"no path": {"path": "", "contents": {"controller-ips": null}, "want": ["AgentConfig", "document"]},
		"agent file": {"path": "/etc/deepflow-agent.yaml", "contents": {"log-level": "info"}, "want": ["AgentConfig", "deepflow-agent"]},
		"former group": {"path": "a.yaml", "contents": {"tap_mode": 0, "vtap_group_id": "g-1"}, "want": ["AgentGroupConfig", "g-1"]},
		"group": {"path": "a.yaml", "contents": {"inputs": {"ebpf": {}}}, "want": ["AgentGroupConfig", "a"]},
		"server": {"path": "a.yaml", "contents": {"controller": {"genesis": {}}}, "want": ["ServerConfig", "a"]},
		"server file": {"path": "server.yaml", "contents": {"controller": {}}, "want": ["ServerConfig", "server"]},
		"subdomain": {"path": "a.yaml", "contents": {"domain_name": "c", "config": {}}, "want": ["Subdomain", "a"]},
		"domain": {"path": "a.yaml", "contents": {"name": "d", "type": "aliyun"}, "want": ["Domain", "d"]},
		"domain with an icon": {"path": "a.yaml", "contents": {"name": "d", "type": 5, "icon_id": 1}, "want": ["Domain", "d"]},
		"domain with a region": {
			"path": "a.yaml",
			"contents": {"type": "x", "config": {"region_uuid": "r"}, "y": 1},
			"want": ["Domain", "a"],
		},
		"not a domain": {"path": "a.yaml", "contents": {"name": "d", "type": "aliyun", "other": 1}, "want": []},
		"no type": {"path": "a.yaml", "contents": {"name": "d", "type": null}, "want": []},
		"no controller": {"path": "server.yaml", "contents": {"controller": 5}, "want": []},
		"other inputs": {"path": "a.yaml", "contents": {"inputs": {"x": {}}}, "want": []},
	}
	found := documents.evaluation([_document(case.path, case.contents)])
	[part | some item in found.resources; some part in [item.kind, item.metadata.name]] == case.want
	every item in found.resources {
		item.spec == case.contents
	}
}

test_facts if {
	found := documents.evaluation([
		_document("", _ours("NodeFacts", "n", {})),
		_document("", _ours("ClusterFacts", "c", {})),
		_document("", _named("Node", "n")),
		_document("", object.union(_ours("NodeFacts", "n", {}), {"apiVersion": "v1"})),
	])
	found == {
		"resources": [_named("Node", "n"), object.union(_ours("NodeFacts", "n", {}), {"apiVersion": "v1"})],
		"nodes": [_ours("NodeFacts", "n", {})],
		"cluster": _ours("ClusterFacts", "c", {}),
	}
}

test_running_release if {
	release := _ours("RunningRelease", "r", {
		"version": "v6.5",
		"ctlVersion": "v6.4",
		"resources": [
			{"apiVersion": "v1", "kind": "List", "items": [_named("Service", "a")]},
			_named("Node", "n"),
			_ours("NodeFacts", "n", {}),
		],
	})
	documents.evaluation([_document("", release), _document("", _named("Pod", "p"))]) == {
		"resources": [_named("Pod", "p"), _named("Node", "n")],
		"nodes": [_ours("NodeFacts", "n", {})],
		"from": {"version": "v6.5", "resources": [_named("Service", "a")]},
		"parameters": {"ctlVersion": "v6.4"},
	}
}
