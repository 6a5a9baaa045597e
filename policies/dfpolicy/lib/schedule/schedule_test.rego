package dfpolicy.lib.schedule_test

import data.dfpolicy.lib.schedule

# Whether it is decidable, and whether the node refuses the pod.
_verdict(pod, spec) := [decidable, left_out] if {
	workload := {"pod": pod, "subject": {"kind": "DaemonSet"}}
	node := {"name": "a", "spec": spec}
	decidable := [1 | schedule.decidable(workload, node)]
	left_out := ["a" | schedule.refused(workload, node)]
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

test_network_unavailable_on_the_host_network if {
	taint := {"key": "node.kubernetes.io/network-unavailable", "effect": "NoSchedule"}
	_verdict({"hostNetwork": true}, {"taints": [taint]}) == _lands
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
		"value null": {"selector": {"a": null}, "spec": {"taints": [], "labels": {}}, "want": _left_out},
		"value null, label empty": {"selector": {"a": null}, "spec": {"taints": [], "labels": {"a": ""}}, "want": _lands},
		"selector null": {"selector": null, "spec": {"taints": []}, "want": _lands},
		"selector list": {"selector": ["a"], "spec": {"taints": []}, "want": _lands},
		"nothing known": {"selector": {}, "spec": {}, "want": _open},
	}
	_verdict({"nodeSelector": case.selector}, case.spec) == case.want
}

test_affinity[name] if {
	zone := {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["x", "y"]}]}
	here := {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["a"]}]}
	elsewhere := {"matchFields": [{"key": "metadata.name", "operator": "NotIn", "values": ["a"]}]}
	some name, case in {
		"met": {"terms": [zone], "labels": {"zone": "x"}, "want": _lands},
		"not met": {"terms": [zone], "labels": {"zone": "z"}, "want": _left_out},
		"no such label": {"terms": [zone], "labels": {}, "want": _left_out},
		"labels unknown": {"terms": [zone], "labels": null, "want": _open},
		"one of two terms": {"terms": [elsewhere, zone], "labels": {"zone": "y"}, "want": _lands},
		"none of two terms": {"terms": [elsewhere, zone], "labels": {"zone": "z"}, "want": _left_out},
		"by name": {"terms": [here], "labels": null, "want": _lands},
		"by another name": {"terms": [elsewhere], "labels": null, "want": _left_out},
		"by name, labels unknown": {"terms": [object.union(zone, elsewhere)], "labels": null, "want": _left_out},
		"an empty term": {"terms": [{}], "labels": {}, "want": _left_out},
		"garbage": {"terms": [null, 3], "labels": {}, "want": _lands},
		"no list": {"terms": "a", "labels": {}, "want": _lands},
	}
	pod := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": case.terms}}}}
	_verdict(pod, {"taints": [], "labels": case.labels}) == case.want
}

test_affinity_of_a_wrong_type[name] if {
	some name, case in {"null": null, "empty": {}, "text": "a"}
	pod := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": case}}}
	_verdict(pod, {"taints": []}) == _lands
}

test_operators[name] if {
	some name, case in {
		"In": {"operator": "In", "values": ["5"], "meets": ["5"]},
		"NotIn": {"operator": "NotIn", "values": ["5"], "meets": ["4", "6", "-1", "05", "x", null]},
		"Exists": {"operator": "Exists", "values": null, "meets": ["4", "5", "6", "-1", "05", "x"]},
		"DoesNotExist": {"operator": "DoesNotExist", "values": [], "meets": [null]},
		"Gt": {"operator": "Gt", "values": ["4"], "meets": ["5", "6"]},
		"Lt": {"operator": "Lt", "values": ["5"], "meets": ["4", "-1"]},
		"Gt of text": {"operator": "Gt", "values": ["x"], "meets": []},
		"another": {"operator": "Is", "values": ["5"], "meets": []},
		"none": {"operator": null, "values": ["5"], "meets": []},
	}
	met := [label |
		some label in ["4", "5", "6", "-1", "05", "x", null]
		requirement := {"key": "k", "operator": case.operator, "values": case.values}
		pod := {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [requirement]}]}}}}
		_verdict(pod, {"taints": [], "labels": {"k": label}}) == _lands
	]
	met == case.meets
}

test_system[name] if {
	some name, case in {
		"linux": {"spec": {"operatingSystem": "linux"}, "want": _lands},
		"windows": {"spec": {"operatingSystem": "windows"}, "want": _left_out},
		"by label": {"spec": {"labels": {"kubernetes.io/os": "windows"}}, "want": _left_out},
		"unknown": {"spec": {"labels": {}}, "want": _lands},
	}
	_verdict({}, object.union({"taints": []}, case.spec)) == case.want
}

test_named_node if {
	_verdict({"nodeName": "a"}, {"taints": []}) == _lands
	_verdict({"nodeName": "b"}, {"taints": []}) == _left_out
	_verdict({"nodeName": null}, {"taints": []}) == _lands
}

test_cordoned[kind] if {
	node := {"name": "a", "spec": {
		"unschedulable": true,
		"taints": [{"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}],
	}}
	some kind, want in {"DaemonSet": 0, "Deployment": 1}
	count([1 | schedule.refused({"pod": {}, "subject": {"kind": kind}}, node)]) == want
}

test_cordoned_without_taint if {
	node := {"name": "a", "spec": {"unschedulable": true, "taints": []}}
	schedule.refused({"pod": {}, "subject": {"kind": "Deployment"}}, node)
	not schedule.refused({"pod": {}, "subject": {"kind": "DaemonSet"}}, node)
}

test_virtual[name] if {
	some name, case in {
		"by name": {"node": {"name": "eklet-subnet-1a2b-0", "spec": {}}, "want": true},
		"by label": {"node": {"name": "a", "spec": {"labels": {"type": "virtual-kubelet"}}}, "want": true},
		"by taint": {"node": {"name": "a", "spec": {"taints": [{"key": "virtual-kubelet.io/provider"}]}}, "want": true},
		"of another type": {"node": {"name": "a", "spec": {"labels": {"type": "worker"}, "taints": []}}, "want": false},
		"within the name": {"node": {"name": "an-eklet-", "spec": {}}, "want": false},
		"null": {"node": {"name": "a", "spec": null}, "want": false},
		"wrong types": {"node": {"name": 5, "spec": {"labels": [1], "taints": "x"}}, "want": false},
	}
	found := [1 | schedule.virtual(case.node)]
	found == [1 | case.want]
}

test_hosts_are_not_scheduled[form] if {
	some form, want in {"kubernetes": 1, "compose": 0, "systemd": 0}
	node := {"name": "a", "spec": {"unschedulable": true, "taints": [{"key": "k", "effect": "NoSchedule"}]}}
	workload := {"pod": {}, "subject": {"kind": "x"}, "form": form}
	count([1 | schedule.refused(workload, node)]) == want
}
