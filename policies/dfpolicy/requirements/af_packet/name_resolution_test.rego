package dfpolicy.requirements.af_packet.name_resolution_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.name_resolution

test_verdict[name] if {
	name_server := "controller-ips: [deepflow-server]"
	plain := {"dnsPolicy": "ClusterFirst"}
	some name, case in {
		"own network": {"pod": {"hostNetwork": false}, "text": name_server, "want": "pass required"},
		"own network, the node's resolver": {
			"pod": {"hostNetwork": false, "dnsPolicy": "Default"},
			"text": name_server,
			"want": "violation required",
		},
		"with host net": {"pod": {}, "text": name_server, "want": "pass required"},
		"cluster first, a name": {"pod": plain, "text": name_server, "want": "violation required"},
		"no policy, a name": {"pod": {"dnsPolicy": null}, "text": name_server, "want": "violation required"},
		"one name among addresses": {
			"pod": plain,
			"text": "controller-ips: [10.0.0.1, deepflow-server]",
			"want": "violation required",
		},
		"addresses": {"pod": plain, "text": "controller-ips: [10.0.0.1, 10.0.0.2]", "want": "pass required"},
		"no address": {"pod": plain, "text": "log-file: a", "want": "violation required"},
		"opaque": {"pod": plain, "text": "controller-ips: *servers", "want": "unknown required"},
		"no plain text": {"pod": plain, "text": "- a", "want": "unknown required"},
	}
	results := name_resolution.results with input as fixture.configured(case.pod, case.text)
	fixture.verdicts(results, "DF-NET-005") == {case.want}
}

test_without_configuration if {
	results := name_resolution.results with input as fixture.agent({"dnsPolicy": "Default"}, {})
	fixture.verdicts(results, "DF-NET-005") == {"unknown required"}
}

test_with_an_empty_config_map if {
	resources := [
		fixture.workload("DaemonSet", {"dnsPolicy": "Default"}, {}),
		object.remove(fixture.configuration(""), ["data"]),
	]
	results := name_resolution.results with input as {"resources": resources}
	fixture.verdicts(results, "DF-NET-005") == {"violation required"}
}

test_the_remedy_names_both_values if {
	results := name_resolution.results with input as fixture.configured({"dnsPolicy": "ClusterFirst"}, "controller-ips: [a]")
	some result in results
	result.id == "DF-NET-005"
	contains(result.remediation, "dnsPolicy: ClusterFirstWithHostNet")
	contains(result.remediation, `hostNetwork: "true"`)
}
