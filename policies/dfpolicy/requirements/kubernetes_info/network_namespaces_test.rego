package dfpolicy.requirements.kubernetes_info.network_namespaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kubernetes_info.network_namespaces

test_verdict[name] if {
	some name, case in {
		"held": {"pod": {}, "container": {}, "want": "pass recommended"},
		"missing, host network": {
			"pod": {},
			"container": fixture.without("SYS_ADMIN"),
			"want": "violation recommended",
		},
		"missing, own network": {
			"pod": {"hostNetwork": false},
			"container": fixture.without("SYS_ADMIN"),
			"want": "violation required",
		},
		"BPF and PERFMON": {
			"pod": {},
			"container": fixture.only(["BPF", "PERFMON"]),
			"want": "violation recommended",
		},
		"privileged": {
			"pod": {},
			"container": {"securityContext": {"privileged": true, "capabilities": null}},
			"want": "pass recommended",
		},
	}
	results := network_namespaces.results with input as fixture.agent(case.pod, case.container)
	fixture.verdicts(results, "DF-K8S-002") == {case.want}
}
