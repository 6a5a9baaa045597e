package dfpolicy.requirements.cni.cilium_interfaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.cni.cilium_interfaces
import data.dfpolicy.requirements.cni.cni_test as shared

test_by_group[name] if {
	some name, case in {
		"restricted": {"expression": "^eth0$", "want": "pass: Cilium is in use, and interface_regex matches the node's interfaces only"},
		"default": {"expression": null, "want": concat("", [
			"violation: Cilium is in use: interface_regex also matches pod interfaces: ",
			"cali1a2b3c4d5e6, lxc1a2b3c4d5e6f, tap1a2b3c4d5e6, veth1a2b3c4d",
		])},
		"pods too": {"expression": "eth0|lxc", "want": "violation: Cilium is in use: interface_regex also matches pod interfaces: lxc1a2b3c4d5e6f"},
		"elsewhere": {"expression": "^ens3$", "want": "violation: Cilium is in use: interface_regex matches no interface of the nodes"},
		"malformed": {"expression": "*", "want": `violation: interface_regex is not a valid regular expression: "*"`},
	}
	document := shared.with_group(shared.cbpf({"interface_regex": case.expression}, 0), "controller-port: 1\n", "cilium")
	results := cilium_interfaces.results with input as object.union(document, {"nodes": [fixture.node("a", {"interfaces": ["eth0"]})]})
	{$"{result.outcome}: {result.observed}" | some result in results; result.id == "DF-CNI-004"} == {case.want}
}

test_verdict[name] if {
	some name, case in {
		"another": {"cni": "calico", "text": "", "want": "pass recommended"},
		"nothing": {"cni": "", "text": "", "want": "unknown recommended"},
		"ipvlan": {"cni": "ipvlan", "text": "", "want": "pass recommended"},
		"cilium": {"cni": "cilium", "text": "", "want": "unknown recommended"},
		"both, placeholder": {
			"cni": "ipvlan+cilium",
			"text": "vtap-group-id-request: g-xxxxxxxxxx",
			"want": "violation recommended",
		},
		"cilium, unreadable": {"cni": "cilium", "text": "- a\n- b\n", "want": "unknown recommended"},
		"wrong type": {"cni": {"a": "cilium"}, "text": "", "want": "unknown recommended"},
	}
	results := cilium_interfaces.results with input as shared.stated(fixture.configured({}, case.text), case.cni)
	fixture.verdicts(results, "DF-CNI-004") == {case.want}
}
