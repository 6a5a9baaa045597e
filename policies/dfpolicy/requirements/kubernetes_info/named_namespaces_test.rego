package dfpolicy.requirements.kubernetes_info.named_namespaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.kubernetes_info.named_namespaces

test_named_namespaces[name] if {
	mount := {"name": "netns", "mountPath": "/var/run/netns", "mountPropagation": "HostToContainer"}
	some name, case in {
		"mounted": {"mounts": [mount], "want": "pass recommended"},
		"without propagation": {
			"mounts": [object.remove(mount, ["mountPropagation"])],
			"want": "violation recommended",
		},
		"propagation off": {
			"mounts": [object.union(mount, {"mountPropagation": "None"})],
			"want": "violation recommended",
		},
		"absent": {"mounts": [], "want": "violation recommended"},
		"null": {"mounts": null, "want": "violation recommended"},
	}
	results := named_namespaces.results with input as fixture.agent({}, {"volumeMounts": case.mounts})
	fixture.verdicts(results, "DF-K8S-004") == {case.want}
}
