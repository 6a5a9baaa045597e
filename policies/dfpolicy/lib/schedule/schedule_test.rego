package dfpolicy.lib.schedule_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.schedule

# Whether it is decided, and whether the node is left out.
_verdict(pod, spec) := [decidable, left_out] if {
	decidable := [1 | schedule.decidable({"pod": pod}, {"name": "a", "spec": spec})]
	left_out := schedule.left_out({"pod": pod}) with input as {"nodes": [fixture.node("a", spec)]}
}

_lands := [[1], []]

_left_out := [[1], ["a"]]

_open := [[], []]

test_taints[name] if {
	taint := {"key": "k", "value": "v", "effect": "NoSchedule"}
	some name, case in {
		"none": {"taints": [], "want": _lands},
		"untolerated": {"taints": [taint], "want": _left_out},
		"NoExecute": {"taints": [{"key": "k", "effect": "NoExecute"}], "want": _left_out},
		"one of two": {"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}, taint], "want": _left_out},
		"PreferNoSchedule": {"taints": [{"key": "k", "effect": "PreferNoSchedule"}], "want": _lands},
		"tolerated by the controller": {
			"taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}],
			"want": _lands,
		},
		"network unavailable on the own network": {
			"taints": [{"key": "node.kubernetes.io/network-unavailable", "effect": "NoSchedule"}],
			"want": _left_out,
		},
		"effect absent": {"taints": [{"key": "k"}], "want": _lands},
		"effect number": {"taints": [{"key": "k", "effect": 5}], "want": _lands},
		"garbage": {"taints": [null, 3, {}], "want": _lands},
		"wrong type": {"taints": "k", "want": _lands},
		"null": {"taints": null, "want": _open},
	}
	_verdict({}, {"taints": case.taints}) == case.want
}

test_tolerations[name] if {
	some name, case in {
		"Exists": {"tolerations": [{"key": "k", "operator": "Exists"}], "want": _lands},
		"Exists with the effect": {
			"tolerations": [{"key": "k", "operator": "Exists", "effect": "NoSchedule"}],
			"want": _lands,
		},
		"Exists with another effect": {
			"tolerations": [{"key": "k", "operator": "Exists", "effect": "NoExecute"}],
			"want": _left_out,
		},
		"Exists with another key": {"tolerations": [{"key": "l", "operator": "Exists"}], "want": _left_out},
		"Exists, any key": {"tolerations": [{"operator": "Exists"}], "want": _lands},
		"Exists, key empty": {"tolerations": [{"key": "", "operator": "Exists", "effect": ""}], "want": _lands},
		"Exists, key null": {"tolerations": [{"key": null, "operator": "Exists", "effect": null}], "want": _lands},
		"Equal": {"tolerations": [{"key": "k", "operator": "Equal", "value": "v"}], "want": _lands},
		"Equal by default": {"tolerations": [{"key": "k", "value": "v"}], "want": _lands},
		"operator empty": {"tolerations": [{"key": "k", "operator": "", "value": "v"}], "want": _lands},
		"Equal with another value": {"tolerations": [{"key": "k", "operator": "Equal", "value": "w"}], "want": _left_out},
		"Equal without a value": {"tolerations": [{"key": "k", "operator": "Equal"}], "want": _left_out},
		"Equal, key empty": {"tolerations": [{"operator": "Equal", "value": "v"}], "want": _left_out},
		"another operator": {"tolerations": [{"key": "k", "operator": "exists"}], "want": _left_out},
		"the second of two": {
			"tolerations": [{"key": "l", "operator": "Exists"}, {"key": "k", "operator": "Exists"}],
			"want": _lands,
		},
		"garbage": {"tolerations": [null, 3, {}], "want": _left_out},
		"null": {"tolerations": null, "want": _left_out},
		"wrong type": {"tolerations": {"operator": "Exists"}, "want": _left_out},
	}
	taint := {"key": "k", "value": "v", "effect": "NoSchedule"}
	_verdict({"tolerations": case.tolerations}, {"taints": [taint]}) == case.want
}

test_node_selector[name] if {
	some name, case in {
		"no selector": {"selector": {}, "spec": {"taints": []}, "want": _lands},
		"met": {"selector": {"a": "b"}, "spec": {"taints": [], "labels": {"a": "b", "c": "d"}}, "want": _lands},
		"another value": {"selector": {"a": "b"}, "spec": {"taints": [], "labels": {"a": "c"}}, "want": _left_out},
		"no such label": {"selector": {"a": "b"}, "spec": {"taints": [], "labels": {}}, "want": _left_out},
		"one of two": {"selector": {"a": "b", "c": "d"}, "spec": {"taints": [], "labels": {"a": "b"}}, "want": _left_out},
		"labels unknown": {"selector": {"a": "b"}, "spec": {"taints": []}, "want": _open},
		"labels null": {"selector": {"a": "b"}, "spec": {"taints": [], "labels": null}, "want": _open},
		"not met, taints unknown": {"selector": {"a": "b"}, "spec": {"labels": {}}, "want": _left_out},
		"met, taints unknown": {"selector": {"a": "b"}, "spec": {"labels": {"a": "b"}}, "want": _open},
		"selector null": {"selector": null, "spec": {"taints": []}, "want": _lands},
		"selector list": {"selector": ["a"], "spec": {"taints": []}, "want": _lands},
		"nothing known": {"selector": {}, "spec": {}, "want": _open},
	}
	_verdict({"nodeSelector": case.selector}, case.spec) == case.want
}

test_affinity[name] if {
	some name, case in {
		"required": {"required": {"nodeSelectorTerms": []}, "spec": {"taints": []}, "want": _open},
		"required, and a taint": {
			"required": {"nodeSelectorTerms": []},
			"spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]},
			"want": _left_out,
		},
		"null": {"required": null, "spec": {"taints": []}, "want": _lands},
		"empty": {"required": {}, "spec": {"taints": []}, "want": _lands},
		"wrong type": {"required": "a", "spec": {"taints": []}, "want": _lands},
	}
	pod := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": case.required}}}
	_verdict(pod, case.spec) == case.want
}

test_left_out_in_the_order_of_names if {
	tainted := {"taints": [{"key": "k", "effect": "NoSchedule"}]}
	nodes := [fixture.node("c", tainted), fixture.node("b", {"taints": []}), fixture.node("a", tainted)]
	left_out := schedule.left_out({"pod": {}}) with input as {"nodes": nodes}
	left_out == ["a", "c"]
}

test_no_nodes[name] if {
	some name, document in {"absent": {}, "null": {"nodes": null}, "garbage": {"nodes": [null, 3, {}]}}
	left_out := schedule.left_out({"pod": {}}) with input as document
	left_out == []
}

test_the_host_network_needs_no_network_of_the_node if {
	taints := [{"key": "node.kubernetes.io/network-unavailable", "effect": "NoSchedule"}]
	workload := {"pod": {"hostNetwork": true}}
	left_out := schedule.left_out(workload) with input as {"nodes": [{"metadata": {"name": "n"}, "spec": {"taints": taints}}]}
	left_out == []
}
