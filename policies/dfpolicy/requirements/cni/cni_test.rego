package dfpolicy.requirements.cni_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.cni

_stated(input_document, plugin) := object.union(input_document, {"cluster": {"spec": {"cni": plugin}}})

test_adapted[name] if {
	some name, case in {
		"calico": {"cni": "calico", "profile": "default", "want": "pass required"},
		"canal": {"cni": "Canal", "profile": "default", "want": "pass required"},
		"aws": {"cni": "aws-cni", "profile": "default", "want": "violation required"},
		"one of two": {"cni": "multus, azure-vnet", "profile": "default", "want": "violation required"},
		"nobody's": {"cni": "mine", "profile": "default", "want": "violation required"},
		"yangtse": {"cni": "yangtse", "profile": "default", "want": "violation recommended"},
		"yangtse, strict": {"cni": "yangtse", "profile": "strict", "want": "violation required"},
		"yangtse and aws": {"cni": "yangtse,aws", "profile": "default", "want": "violation required"},
		"nothing": {"cni": "", "profile": "default", "want": "unknown required"},
		"null": {"cni": null, "profile": "default", "want": "unknown required"},
		"number": {"cni": 7, "profile": "default", "want": "unknown required"},
	}
	results := cni.results with input as object.union(_stated(fixture.agent({}, {}), case.cni), {"profile": case.profile})
	fixture.verdicts(results, "DF-CNI-001") == {case.want}
}

test_accepted[name] if {
	some name, case in {
		"accepted": {"cni": "aws-cni", "accept": ["AWS CNI"], "profile": "default", "want": "pass required"},
		"nobody's": {"cni": "mine", "accept": ["Mine"], "profile": "default", "want": "pass required"},
		"one beside an adapted one": {"cni": "multus, mine", "accept": ["mine"], "profile": "default", "want": "pass required"},
		"one of two": {"cni": "mine, yours", "accept": ["mine"], "profile": "default", "want": "violation required"},
		"another": {"cni": "mine", "accept": ["yours"], "profile": "default", "want": "violation required"},
		"no word of the overview page": {"cni": "mine", "accept": ["mine"], "profile": "strict", "want": "violation required"},
		"not known": {"cni": "", "accept": ["mine"], "profile": "default", "want": "unknown required"},
		"null": {"cni": "mine", "accept": null, "profile": "default", "want": "violation required"},
		"text": {"cni": "mine", "accept": "mine", "profile": "default", "want": "violation required"},
		"number in the list": {"cni": "mine", "accept": [7, "mine"], "profile": "default", "want": "pass required"},
	}
	stated := _stated(fixture.agent({}, {}), case.cni)
	results := cni.results with input as object.union(stated, {"profile": case.profile, "parameters": {"acceptedCnis": case.accept}})
	fixture.verdicts(results, "DF-CNI-001") == {case.want}
}

test_accepted_says_so if {
	stated := _stated(fixture.agent({}, {}), "mine")
	results := cni.results with input as object.union(stated, {"parameters": {"acceptedCnis": ["mine"]}})
	some found in results
	found.id == "DF-CNI-001"
	found.observed == "mine (as stated); accepted by configuration: mine"
}

test_macvlan[name] if {
	group := "vtap-group-id-request: g-1a2b3c\n"
	some name, case in {
		"another": {"cni": "calico", "text": group, "want": "pass required"},
		"nothing": {"cni": "", "text": group, "want": "unknown required"},
		"group": {"cni": "macvlan", "text": group, "want": "unknown required"},
		"group, CCE Turbo": {"cni": "yangtse", "text": group, "want": "unknown required"},
		"placeholder": {"cni": "macvlan", "text": "vtap-group-id-request: g-xxxxxxxxxx\n", "want": "violation required"},
		"no group": {"cni": "macvlan", "text": "controller-port: 30035\n", "want": "violation required"},
		"null": {"cni": "macvlan", "text": "vtap-group-id-request:\n", "want": "violation required"},
		"opaque": {"cni": "macvlan", "text": "vtap-group-id-request: {a: b}\n", "want": "unknown required"},
		"unreadable": {"cni": "macvlan", "text": "- a\n- b\n", "want": "unknown required"},
	}
	results := cni.results with input as _stated(fixture.configured({}, case.text), case.cni)
	fixture.verdicts(results, "DF-CNI-002") == {case.want}
}

test_macvlan_without_file if {
	config_map := object.union(fixture.configuration(""), {"data": null})
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), config_map]}
	results := cni.results with input as _stated(document, "macvlan")
	fixture.verdicts(results, "DF-CNI-002") == {"violation required"}
}

_with_group(spec, text, plugin) := {
	"resources": [
		fixture.workload("DaemonSet", {}, {}),
		fixture.configuration(text),
		{"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "group"}, "spec": spec},
	],
	"cluster": {"spec": {"cni": plugin}},
}

_cbpf(af_packet, mode) := {"inputs": {"cbpf": {"af_packet": af_packet, "common": {"capture_mode": mode}}}}

_inner := {
	"inner_interface_capture_enabled": true,
	"tunning": {"ring_blocks_enabled": true, "ring_blocks": 16},
}

test_macvlan_by_group[name] if {
	some name, case in {
		"mirror": {
			"spec": _cbpf({"interface_regex": "^eth0$"}, 1),
			"want": "pass: MACVlan (as stated): deepflow-agent captures by mirror",
		},
		"mirror, former names": {
			"spec": {"vtap_group_id": "g-1a2b3c", "tap_interface_regex": "eth0", "tap_mode": 1},
			"want": "pass: MACVlan (as stated): deepflow-agent captures by mirror",
		},
		"default expression": {
			"spec": _cbpf({}, 1),
			"want": "violation: MACVlan (as stated): interface_regex is not set",
		},
		"local": {
			"spec": _cbpf({"interface_regex": "^eth0$"}, 0),
			"want": "violation: MACVlan (as stated): capture_mode is not 1",
		},
		"malformed": {
			"spec": _cbpf({"interface_regex": "^(eth0"}, 1),
			"want": `violation: MACVlan (as stated): interface_regex is no regular expression: "^(eth0"`,
		},
		"no text": {
			"spec": _cbpf({"interface_regex": 7}, 1),
			"want": "violation: MACVlan (as stated): interface_regex is no regular expression: 7",
		},
		"inner": {
			"spec": _cbpf(_inner, 0),
			"want": "pass: MACVlan (as stated): deepflow-agent captures inside the pods' namespaces",
		},
		"inner, too many blocks": {
			"spec": _cbpf(object.union(_inner, {"tunning": {"ring_blocks": 128}}), 0),
			"want": "violation: MACVlan (as stated): ring_blocks is not below 128",
		},
		"inner, default blocks": {
			"spec": _cbpf({"inner_interface_capture_enabled": true, "inner_interface_regex": "net[0-9]"}, 0),
			"want": concat("", [
				"violation: MACVlan (as stated): ring_blocks_enabled is not true; ring_blocks is not below 128; ",
				"inner_interface_regex does not match eth0, the interface of a pod",
			]),
		},
		"inner, malformed": {
			"spec": _cbpf(object.union(_inner, {"inner_interface_regex": "[z-a]"}), 0),
			"want": `violation: MACVlan (as stated): inner_interface_regex is no regular expression: "[z-a]"`,
		},
		"another group": {
			"spec": {"vtap_group_id": "g-9", "tap_mode": 1},
			"want": concat("", [
				"unknown: not known: the agent group's configuration ",
				"(interface_regex and capture_mode, or inner_interface_capture_enabled)",
			]),
		},
	}
	results := cni.results with input as _with_group(case.spec, "vtap-group-id-request: g-1a2b3c\n", "macvlan")
	{$"{result.outcome}: {result.observed}" | some result in results; result.id == "DF-CNI-002"} == {case.want}
}

test_macvlan_in_the_default_group if {
	inner := cni.results with input as _with_group(_cbpf(_inner, 0), "controller-port: 1\n", "macvlan")
	fixture.verdicts(inner, "DF-CNI-002") == {"pass required"}
	mirror := cni.results with input as _with_group(_cbpf({"interface_regex": "eth0"}, 1), "controller-port: 1\n", "macvlan")
	fixture.verdicts(mirror, "DF-CNI-002") == {"violation required"}
	example := cni.results with input as _with_group(_cbpf(_inner, 0), "vtap-group-id-request: g-xxxxx\n", "macvlan")
	fixture.observed(example, "DF-CNI-002") == {"MACVlan (as stated): vtap-group-id-request of deepflow-agent is an example's"}
}

test_macvlan_of_an_old_agent if {
	document := {
		"resources": [
			fixture.workload("DaemonSet", {}, {"image": "registry.example.com/deepflow-agent:v6.5.8"}),
			fixture.configuration("vtap-group-id-request: g-1a2b3c\n"),
			{
				"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "g-1a2b3c"},
				"spec": _cbpf({"interface_regex": "eth0"}, 1),
			},
		],
		"cluster": {"spec": {"cni": "macvlan"}},
	}
	results := cni.results with input as document
	fixture.observed(results, "DF-CNI-002") == {"MACVlan (as stated): capture_mode is not 1; interface_regex is not set"}
}

test_inner_capture_without_sys_admin if {
	document := _with_group(_cbpf(_inner, 0), "vtap-group-id-request: g-1\n", "macvlan")
	results := cni.results with input as object.union(document, {"resources": array.concat(
		[fixture.workload("DaemonSet", {}, fixture.without("SYS_ADMIN"))],
		array.slice(document.resources, 1, 3),
	)})
	fixture.observed(results, "DF-CNI-002") == {"MACVlan (as stated): capture inside the pods needs SYS_ADMIN"}
}

test_mirror_of_no_interface if {
	document := _with_group(_cbpf({"interface_regex": "^ens.*$"}, 1), "vtap-group-id-request: g-1\n", "macvlan")
	results := cni.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": ["eth0"]})]})
	fixture.observed(results, "DF-CNI-002") == {"MACVlan (as stated): interface_regex matches no interface of the nodes"}
}

test_restricted_by_group[name] if {
	some name, case in {
		"restricted": {"expression": "^eth0$", "want": "pass: Cilium is used, and interface_regex matches interfaces of the node alone"},
		"default": {"expression": null, "want": concat("", [
			"violation: Cilium is used; interface_regex matches ",
			"cali1a2b3c4d5e6, lxc1a2b3c4d5e6f, tap1a2b3c4d5e6, veth1a2b3c4d",
		])},
		"pods too": {"expression": "eth0|lxc", "want": "violation: Cilium is used; interface_regex matches lxc1a2b3c4d5e6f"},
		"elsewhere": {"expression": "^ens3$", "want": "violation: Cilium is used; interface_regex matches no interface of the nodes"},
		"malformed": {"expression": "*", "want": `violation: Cilium is used; interface_regex is no regular expression: "*"`},
	}
	document := _with_group(_cbpf({"interface_regex": case.expression}, 0), "controller-port: 1\n", "cilium")
	results := cni.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": ["eth0"]})]})
	{$"{result.outcome}: {result.observed}" | some result in results; result.id == "DF-CNI-004"} == {case.want}
}

test_restricted[name] if {
	some name, case in {
		"another": {"cni": "calico", "text": "", "want": ["pass recommended", "pass recommended"]},
		"nothing": {"cni": "", "text": "", "want": ["unknown recommended", "unknown recommended"]},
		"ipvlan": {"cni": "ipvlan", "text": "", "want": ["unknown recommended", "pass recommended"]},
		"cilium": {"cni": "cilium", "text": "", "want": ["pass recommended", "unknown recommended"]},
		"both, placeholder": {
			"cni": "ipvlan+cilium",
			"text": "vtap-group-id-request: g-xxxxxxxxxx",
			"want": ["violation recommended", "violation recommended"],
		},
		"cilium, unreadable": {"cni": "cilium", "text": "- a\n- b\n", "want": ["pass recommended", "unknown recommended"]},
		"wrong type": {"cni": {"a": "cilium"}, "text": "", "want": ["unknown recommended", "unknown recommended"]},
	}
	results := cni.results with input as _stated(fixture.configured({}, case.text), case.cni)
	fixture.verdicts(results, "DF-CNI-003") == {case.want[0]}
	fixture.verdicts(results, "DF-CNI-004") == {case.want[1]}
}

test_interfaces[name] if {
	some name, case in {
		"eth0": {"found": ["lo", "eth0"], "want": "pass recommended"},
		"predictable": {"found": ["lo", "enp0s3", "lxc1"], "want": "pass recommended"},
		"bond": {"found": ["eth0", "bond0"], "want": "violation recommended"},
		"file beside them": {"found": ["eth0", "bonding_masters"], "want": "pass recommended"},
		"bridge of docker": {"found": ["eth0", "br-0123456789ab", "docker0"], "want": "pass recommended"},
		"PCI domain": {"found": ["enP2p1s0"], "want": "violation recommended"},
		"em and p1p1": {"found": ["em1", "p1p1"], "want": "violation recommended"},
		"of pods only": {"found": ["lo", "cali1", "veth2"], "want": "violation recommended"},
		"empty": {"found": [], "want": "violation recommended"},
		"null": {"found": null, "want": "unknown recommended"},
		"text": {"found": "eth0", "want": "unknown recommended"},
	}
	results := cni.results with input as fixture.on_node({"interfaces": case.found})
	fixture.verdicts(results, "DF-CNI-005") == {case.want}
}

test_interfaces_by_group[name] if {
	some name, case in {
		"bond": {"expression": "^(bond0|lxc.*)$", "found": ["bond0"], "want": {"covered on a"}},
		"slaves left out": {"expression": "^bond0$", "found": ["eth0", "bond0"], "want": {"not covered: a (eth0)"}},
		"malformed": {"expression": "(bond", "found": ["bond0"], "want": {`interface_regex is no regular expression: "(bond"`}},
		"malformed, no node": {"expression": "(bond", "found": null, "want": {`interface_regex is no regular expression: "(bond"`}},
	}
	document := _with_group(_cbpf({"interface_regex": case.expression}, 0), "", "calico")
	results := cni.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": case.found})]})
	fixture.observed(results, "DF-CNI-005") == case.want
}

test_interfaces_of_pods[name] if {
	some name, case in {"GKE": ["eth0", "gke1a2b3c4d5e6"], "Azure": ["eth0", "azv1a2b3c4d5e6"], "kubenet": ["eth0", "cbr0"]}
	results := cni.results with input as fixture.on_node({"interfaces": case})
	fixture.observed(results, "DF-CNI-005") == {$"not covered: a ({case[1]})"}
}

test_interfaces_of_several_nodes if {
	nodes := [
		fixture.node("a", {"interfaces": ["eth0", "bond0", "team0"]}),
		fixture.node("b", {"interfaces": ["lo"]}),
		fixture.node("c", {}),
	]
	results := cni.results with input as object.union(fixture.agent({}, {}), {"nodes": nodes})
	fixture.observed(results, "DF-CNI-005") == {"not covered: a (bond0, team0), b (no interface of the node itself)"}
}

test_no_nodes if {
	results := cni.results with input as fixture.agent({}, {})
	fixture.verdicts(results, "DF-CNI-005") == {"unknown recommended"}
}

test_no_agent_no_result[name] if {
	some name, case in {
		"nothing": {},
		"facts alone": {"cluster": {"spec": {"cni": "calico"}}},
		"another mode": object.union(fixture.agent({}, {}), {"mode": "legacy-host"}),
	}
	results := cni.results with input as case
	results == set()
}
