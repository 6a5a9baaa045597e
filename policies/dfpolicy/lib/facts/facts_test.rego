package dfpolicy.lib.facts_test

import data.dfpolicy.lib.facts
import data.dfpolicy.lib.fixture_test as fixture

_node := {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"name": "a", "labels": {"zone": "z"}},
	"spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]},
	"status": {
		"capacity": {"cpu": "8", "memory": "16Gi"},
		"nodeInfo": {"kernelVersion": "5.15.0-91-generic", "architecture": "amd64", "osImage": "Ubuntu 22.04"},
	},
}

_derived := {
	"kernelRelease": "5.15.0-91-generic",
	"architecture": "amd64",
	"osImage": "Ubuntu 22.04",
	"cpus": "8",
	"memoryBytes": "16Gi",
	"taints": [{"key": "k", "effect": "NoSchedule"}],
	"labels": {"zone": "z"},
}

test_nodes[name] if {
	some name, case in {
		"collected": {
			"input": {"nodes": [fixture.node("a", {"btf": false, "sysctls": {"x": 0}})]},
			"want": [{"name": "a", "spec": {"btf": false, "sysctls": {"x": 0}}}],
		},
		"derived": {"input": {"resources": [_node]}, "want": [{"name": "a", "spec": _derived}]},
		"facts that are read, of a kind": {
			"input": {"kinds": {}, "resources": [_node], "nodes": [fixture.node("a", {"capabilities": []})]},
			"want": [{"name": "a", "spec": object.remove(_derived, ["memoryBytes"])}],
		},
		"facts that are read, of a kind, in the mode that reads the memory size": {
			"input": {"kinds": {}, "resources": [_node], "mode": "all-in-one"},
			"want": [{"name": "a", "spec": _derived}],
		},
		"collected beats derived": {
			"input": {
				"resources": [_node],
				"nodes": [fixture.node("a", {"kernelRelease": "6.8.0", "cpus": 4, "taints": [], "btf": true})],
			},
			"want": [{"name": "a", "spec": object.union(
				_derived,
				{"kernelRelease": "6.8.0", "cpus": 4, "taints": [], "btf": true},
			)}],
		},
		"collected null is no fact": {
			"input": {"resources": [_node], "nodes": [fixture.node("a", {"kernelRelease": null, "btf": null})]},
			"want": [{"name": "a", "spec": _derived}],
		},
		"collected twice, the last counts": {
			"input": {"nodes": [fixture.node("a", {"btf": true}), fixture.node("a", {"lockdown": "none"})]},
			"want": [{"name": "a", "spec": {"lockdown": "none"}}],
		},
		"by name": {
			"input": {
				"resources": [object.union(_node, {"metadata": {"name": "b"}})],
				"nodes": [fixture.node("c", {}), fixture.node("a", {"btf": true})],
			},
			"want": [
				{"name": "a", "spec": {"btf": true}},
				{"name": "b", "spec": _derived},
				{"name": "c", "spec": {}},
			],
		},
		"derived from little": {
			"input": {"resources": [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}]},
			"want": [{"name": "a", "spec": {"taints": []}}],
		},
		"derived from garbage": {
			"input": {"resources": [{
				"apiVersion": "v1",
				"kind": "Node",
				"metadata": {"name": "a", "labels": null},
				"spec": {"taints": [null, 3, {"key": "k"}]},
				"status": [1],
			}]},
			"want": [{"name": "a", "spec": {"taints": [{"key": "k"}]}}],
		},
		"spec of wrong type": {"input": {"nodes": [fixture.node("a", [1])]}, "want": [{"name": "a", "spec": {}}]},
		"no names": {
			"input": {
				"resources": [object.union(_node, {"metadata": {"name": null}}), object.union(_node, {"metadata": {"name": 5}})],
				"nodes": [{}, {"metadata": null}, fixture.node("", {}), fixture.node(5, {})],
			},
			"want": [],
		},
		"another kind": {
			"input": {"resources": [object.union(_node, {"kind": "Pod"}), object.union(_node, {"apiVersion": "v2"})]},
			"want": [],
		},
		"garbage": {"input": {"resources": [null, 3, {}], "nodes": [null, 3, "a"]}, "want": []},
		"absent": {"input": {}, "want": []},
		"null": {"input": {"nodes": null, "resources": null}, "want": []},
		"wrong type": {"input": {"nodes": {"a": {}}}, "want": []},
	}
	nodes := facts.nodes with input as case.input
	nodes == case.want
}

test_asked[name] if {
	some name, case in {
		"nodes": {"input": fixture.on_node({"btf": true}), "want": [{"name": "a", "spec": {"btf": true}}]},
		"none": {"input": {}, "want": [{"name": "*", "spec": {}}]},
	}
	asked := facts.asked with input as case.input
	asked == case.want
}

_sidecar(change) := fixture.workload("DaemonSet", change, {"args": ["--sidecar"]})

test_asked_in_a_part[name] if {
	some name, case in {
		"node alone": {"resources": [], "want": ["*"]},
		"agent alone": {"resources": [fixture.workload("DaemonSet", {}, {})], "want": ["a"]},
	}
	document := {"partial": true, "resources": case.resources, "nodes": [fixture.node("a", {})]}
	asked := facts.asked with input as document
	[node.name | some node in asked] == case.want
}

test_asked_of_sidecars[name] if {
	tainted := {"taints": [{"key": "k", "effect": "NoSchedule"}]}
	some name, case in {
		"no facts": {"resources": [_sidecar({})], "nodes": [], "want": ["*"]},
		"a Node object is no machine of a pod": {"resources": [_sidecar({}), _node], "nodes": [], "want": ["*"]},
		"collected facts": {"resources": [_sidecar({}), _node], "nodes": [fixture.node("b", {"btf": true})], "want": ["b"]},
		"taints hold no sidecar off": {"resources": [_sidecar({})], "nodes": [fixture.node("b", tainted)], "want": ["b"]},
		"another operating system": {"resources": [_sidecar({})], "nodes": [fixture.node("b", {"operatingSystem": "windows"})], "want": ["*"]},
		"together with agents of nodes": {
			"resources": [_sidecar({}), fixture.workload("DaemonSet", {"tolerations": [{"operator": "Exists"}]}, {}), _node],
			"nodes": [],
			"want": ["a", "*"],
		},
		"together with agents of nodes, with facts": {
			"resources": [_sidecar({}), fixture.workload("DaemonSet", {}, {})],
			"nodes": [fixture.node("b", {})],
			"want": ["b"],
		},
	}
	asked := facts.asked with input as {"resources": case.resources, "nodes": case.nodes}
	[node.name | some node in asked] == case.want
}

test_virtual_nodes_are_not_left_out if {
	workload := {"role": "collector", "pod": {}, "subject": {"kind": "DaemonSet"}}
	nodes := [fixture.node("eklet-1", {}), fixture.node("a", {"taints": [{"key": "k", "effect": "NoSchedule"}]})]
	found := [facts.names(facts.left_out(workload)).text, facts.reached(workload)] with input as {"nodes": nodes}
	found == ["a", []]
}

test_daemon_sets_skip_virtual_nodes[kind] if {
	some kind, want in {"DaemonSet": [], "Deployment": ["virtual-kubelet-1"]}
	nodes := [fixture.node("virtual-kubelet-1", {"taints": []})]
	resources := [fixture.workload(kind, {"tolerations": [{"operator": "Exists"}]}, {})]
	reached := facts.reachable with input as {"resources": resources, "nodes": nodes}
	[node.name | some node in reached] == want
}

test_runs_on_any_node if {
	facts.runs_on({"role": "sidecar"}, facts.nameless)
	facts.runs_on({"role": "collector", "subject": {"kind": "DaemonSet"}, "pod": {}}, facts.nameless)
	not facts.runs_on({"role": "sidecar"}, {"name": "a", "spec": {}})
}

test_subject if {
	facts.subject({"name": "a", "spec": {"btf": true}}) == {"kind": "Node", "name": "a"}
}

test_known[name] if {
	some name, case in {
		"true": {"spec": {"a": {"b": true}}, "want": true},
		"false": {"spec": {"a": {"b": false}}, "want": true},
		"zero": {"spec": {"a": {"b": 0}}, "want": true},
		"empty text": {"spec": {"a": {"b": ""}}, "want": true},
		"null": {"spec": {"a": {"b": null}}, "want": false},
		"absent": {"spec": {"a": {}}, "want": false},
		"through a number": {"spec": {"a": 5}, "want": false},
		"spec null": {"spec": null, "want": false},
	}
	[1 | facts.known({"name": "n", "spec": case.spec}, ["a", "b"])] == [1 | case.want]
}

test_kernel[name] if {
	some name, case in {
		"release": {"spec": {"kernelRelease": "5.15.0-91-generic"}, "want": [5, 15, 0]},
		"no release": {"spec": {"kernelRelease": "abc"}, "want": null},
		"number": {"spec": {"kernelRelease": 5.15}, "want": null},
		"null": {"spec": {"kernelRelease": null}, "want": null},
		"absent": {"spec": {}, "want": null},
	}
	facts.kernel({"name": "n", "spec": case.spec}) == case.want
}

test_no_node_is_checked_for_a_watcher if {
	environment := {"env": [{"name": "K8S_WATCH_POLICY", "value": "watch-only"}]}
	document := {"resources": [_node, fixture.workload("Deployment", {}, environment)]}
	asked := facts.asked with input as document
	asked == []
}

_tainted := {"taints": [{"key": "k", "effect": "NoSchedule"}]}

test_reachable[name] if {
	nodes := [
		fixture.node("c", _tainted),
		fixture.node("b", {"taints": []}),
		fixture.node("a", {"operatingSystem": "windows"}),
	]
	some name, case in {
		"no agent": {"resources": [], "want": [["b", "c"], ["b", "c"]]},
		"an agent": {"resources": fixture.agent({}, {}).resources, "want": [["b"], ["b"]]},
		"an agent on no node": {"resources": fixture.agent({"nodeSelector": {"a": "b"}}, {}).resources, "want": [["b"], ["b"]]},
	}
	reachable := [node.name | some node in facts.reachable] with input as {"nodes": nodes, "resources": case.resources}
	asked := [node.name | some node in facts.asked] with input as {"nodes": nodes, "resources": case.resources}
	[reachable, asked] == case.want
}

test_one_unknown_node_if_none_is_reachable if {
	document := object.union(fixture.agent({}, {}), {"nodes": [fixture.node("a", _tainted)]})
	facts.asked == [{"name": "*", "spec": {}}] with input as document
}

test_left_out_is_sorted_by_name if {
	nodes := [
		fixture.node("c", _tainted),
		fixture.node("b", {"taints": []}),
		fixture.node("a", _tainted),
		fixture.node("w", {"operatingSystem": "windows"}),
	]
	workload := {"pod": {}, "subject": {"kind": "DaemonSet"}}
	facts.names(facts.left_out(workload)).text == "a, c" with input as {"nodes": nodes}
	[node.name | some node in facts.reached(workload)] == ["b"] with input as {"nodes": nodes}
}

test_unknown_gives_the_reason[name] if {
	some name, case in {
		"refused": {"unread": [{"fact": "btf", "reason": "permission denied"}], "want": "not known: BTF (permission denied)"},
		"another fact": {"unread": [{"fact": "cpus", "reason": "permission denied"}], "want": "not known: BTF"},
		"nothing": {"unread": null, "want": "not known: BTF"},
	}
	document := object.union(fixture.node("a", {}), {"status": {"unread": case.unread}})
	verdict := facts.unknown({"name": "a", "spec": {}}, "btf", "BTF", "ls") with input as {"nodes": [document]}
	[verdict.observed, verdict.collect] == [case.want, "ls"]
}

# The reason is a text of its own, so that it can be translated.
test_the_reason_is_a_text if {
	document := object.union(fixture.node("a", {}), {"status": {"unread": [{"fact": "btf", "reason": "permission denied"}]}})
	verdict := facts.unknown({"name": "a", "spec": {}}, "btf", "BTF", "ls") with input as {"nodes": [document]}
	verdict.messages.observed.values.fact.values.reason == {"template": "permission denied"}
}

test_a_node_represents_its_kind if {
	document := {
		"nodes": [fixture.node(name, {}) | some name in ["a", "b", "c"]],
		"kinds": {"a": ["a", "f", "g", "h", "i", "j"], "c": ["c", "d"]},
	}
	facts.number(facts.nodes) == 9 with input as document
	facts.names(facts.nodes).text == "a, b, c, d, f and 4 more" with input as document
	facts.names([]).text == "" with input as document
}
