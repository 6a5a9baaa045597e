package dfpolicy.requirements.cni.cni_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.cni[_].results})

stated(input_document, plugin) := object.union(input_document, {"cluster": {"spec": {"cni": plugin}}})

with_group(spec, text, plugin) := {
	"resources": [
		fixture.workload("DaemonSet", {}, {}),
		fixture.configuration(text),
		{"apiVersion": "dfpolicy.dev/v1", "kind": "AgentGroupConfig", "metadata": {"name": "group"}, "spec": spec},
	],
	"cluster": {"spec": {"cni": plugin}},
}

cbpf(af_packet, mode) := {"inputs": {"cbpf": {"af_packet": af_packet, "common": {"capture_mode": mode}}}}

test_no_result_without_an_agent[name] if {
	some name, case in {
		"nothing": {},
		"facts alone": {"cluster": {"spec": {"cni": "calico"}}},
		"another mode": object.union(fixture.agent({}, {}), {"mode": "legacy-host"}),
	}
	results := answers with input as case
	results == set()
}
