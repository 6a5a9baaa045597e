package dfpolicy.requirements.cni.macvlan_capture_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.cni.cni_test as shared
import data.dfpolicy.requirements.cni.macvlan_capture

_inner := {
	"inner_interface_capture_enabled": true,
	"tunning": {"ring_blocks_enabled": true, "ring_blocks": 16},
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
	results := macvlan_capture.results with input as shared.stated(fixture.configured({}, case.text), case.cni)
	fixture.verdicts(results, "DF-CNI-002") == {case.want}
}

test_macvlan_without_file if {
	config_map := object.union(fixture.configuration(""), {"data": null})
	document := {"resources": [fixture.workload("DaemonSet", {}, {}), config_map]}
	results := macvlan_capture.results with input as shared.stated(document, "macvlan")
	fixture.verdicts(results, "DF-CNI-002") == {"violation required"}
}

test_macvlan_by_group[name] if {
	some name, case in {
		"mirror": {
			"spec": shared.cbpf({"interface_regex": "^eth0$"}, 1),
			"want": "pass: MACVlan (from ClusterFacts): deepflow-agent captures by virtual mirror",
		},
		"mirror, former names": {
			"spec": {"vtap_group_id": "g-1a2b3c", "tap_interface_regex": "eth0", "tap_mode": 1},
			"want": "violation: MACVlan (from ClusterFacts): capture_mode is not 1; interface_regex is not set",
		},
		"default expression": {
			"spec": shared.cbpf({}, 1),
			"want": "violation: MACVlan (from ClusterFacts): interface_regex is not set",
		},
		"local": {
			"spec": shared.cbpf({"interface_regex": "^eth0$"}, 0),
			"want": "violation: MACVlan (from ClusterFacts): capture_mode is not 1",
		},
		"malformed": {
			"spec": shared.cbpf({"interface_regex": "^(eth0"}, 1),
			"want": `violation: interface_regex is not a valid regular expression: "^(eth0"`,
		},
		"no text": {
			"spec": shared.cbpf({"interface_regex": 7}, 1),
			"want": "violation: interface_regex is not a valid regular expression: 7",
		},
		"inner": {
			"spec": shared.cbpf(_inner, 0),
			"want": "pass: MACVlan (from ClusterFacts): deepflow-agent captures inside the pods' namespaces",
		},
		"inner, too many blocks": {
			"spec": shared.cbpf(object.union(_inner, {"tunning": {"ring_blocks": 128}}), 0),
			"want": "violation: MACVlan (from ClusterFacts): ring_blocks is not below 128",
		},
		"inner, default blocks": {
			"spec": shared.cbpf({"inner_interface_capture_enabled": true, "inner_interface_regex": "net[0-9]"}, 0),
			"want": concat("", [
				"violation: MACVlan (from ClusterFacts): ring_blocks_enabled is not true; ring_blocks is not below 128; ",
				"inner_interface_regex does not match eth0, the interface of a pod",
			]),
		},
		"inner, malformed": {
			"spec": shared.cbpf(object.union(_inner, {"inner_interface_regex": "[z-a]"}), 0),
			"want": `violation: MACVlan (from ClusterFacts): inner_interface_regex is not a valid regular expression: "[z-a]"`,
		},
		"another group": {
			"spec": {"vtap_group_id": "g-9", "tap_mode": 1},
			"want": concat("", [
				"unknown: not known: the agent group's configuration ",
				"(interface_regex, capture_mode, inner_interface_capture_enabled)",
			]),
		},
	}
	results := macvlan_capture.results with input as shared.with_group(case.spec, "vtap-group-id-request: g-1a2b3c\n", "macvlan")
	{$"{result.outcome}: {result.observed}" | some result in results; result.id == "DF-CNI-002"} == {case.want}
}

test_macvlan_in_the_default_group if {
	inner := macvlan_capture.results with input as shared.with_group(shared.cbpf(_inner, 0), "controller-port: 1\n", "macvlan")
	fixture.verdicts(inner, "DF-CNI-002") == {"pass required"}
	mirror := macvlan_capture.results with input as shared.with_group(shared.cbpf({"interface_regex": "eth0"}, 1), "controller-port: 1\n", "macvlan")
	fixture.verdicts(mirror, "DF-CNI-002") == {"violation required"}
	example := macvlan_capture.results with input as shared.with_group(shared.cbpf(_inner, 0), "vtap-group-id-request: g-xxxxx\n", "macvlan")
	fixture.observed(example, "DF-CNI-002") == {"MACVlan (from ClusterFacts): vtap-group-id-request of deepflow-agent is a placeholder"}
}

test_macvlan_by_version[name] if {
	by_path := shared.cbpf({"interface_regex": "eth0"}, 1)
	flat := {"tap_interface_regex": "eth0", "tap_mode": 1}
	some name, case in {
		"paths, before v6.6.6": {"version": "v6.5.8", "spec": by_path, "want": "violation required"},
		"flat names, before v6.6.6": {"version": "v6.5.8", "spec": flat, "want": "pass required"},
		"inside the pods, before the setting": {"version": "v7.0.2", "spec": shared.cbpf(_inner, 0), "want": "violation required"},
		"paths, version unknown": {"version": "latest", "spec": by_path, "want": "unknown required"},
		"flat names, version unknown": {"version": "latest", "spec": flat, "want": "unknown required"},
		"neither, version unknown": {"version": "latest", "spec": {}, "want": "violation required"},
	}
	document := {
		"resources": [
			fixture.workload("DaemonSet", {}, {"image": $"registry.example.com/deepflow-agent:{case.version}"}),
			fixture.configuration("vtap-group-id-request: g-1a2b3c\n"),
			{"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "g-1a2b3c"}, "spec": case.spec},
		],
		"cluster": {"spec": {"cni": "macvlan"}},
	}
	results := macvlan_capture.results with input as document
	fixture.verdicts(results, "DF-CNI-002") == {case.want}
}

test_inner_capture_without_sys_admin if {
	document := shared.with_group(shared.cbpf(_inner, 0), "vtap-group-id-request: g-1\n", "macvlan")
	results := macvlan_capture.results with input as object.union(document, {"resources": array.concat(
		[fixture.workload("DaemonSet", {}, fixture.without("SYS_ADMIN"))],
		array.slice(document.resources, 1, 3),
	)})
	fixture.observed(results, "DF-CNI-002") == {"MACVlan (from ClusterFacts): capture inside the pods needs SYS_ADMIN"}
}

test_mirror_without_a_matching_interface if {
	document := shared.with_group(shared.cbpf({"interface_regex": "^ens.*$"}, 1), "vtap-group-id-request: g-1\n", "macvlan")
	results := macvlan_capture.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": ["eth0"]})]})
	fixture.observed(results, "DF-CNI-002") == {"MACVlan (from ClusterFacts): interface_regex matches no interface of the nodes"}
}
