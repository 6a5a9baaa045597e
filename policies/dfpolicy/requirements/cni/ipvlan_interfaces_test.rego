package dfpolicy.requirements.cni.ipvlan_interfaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.cni.cni_test as shared
import data.dfpolicy.requirements.cni.ipvlan_interfaces

test_verdict[name] if {
	some name, case in {
		"another": {"cni": "calico", "text": "", "want": "pass recommended"},
		"nothing": {"cni": "", "text": "", "want": "unknown recommended"},
		"ipvlan": {"cni": "ipvlan", "text": "", "want": "unknown recommended"},
		"cilium": {"cni": "cilium", "text": "", "want": "pass recommended"},
		"both, placeholder": {
			"cni": "ipvlan+cilium",
			"text": "vtap-group-id-request: g-xxxxxxxxxx",
			"want": "violation recommended",
		},
		"cilium, unreadable": {"cni": "cilium", "text": "- a\n- b\n", "want": "pass recommended"},
		"wrong type": {"cni": {"a": "cilium"}, "text": "", "want": "unknown recommended"},
	}
	results := ipvlan_interfaces.results with input as shared.stated(fixture.configured({}, case.text), case.cni)
	fixture.verdicts(results, "DF-CNI-003") == {case.want}
}
