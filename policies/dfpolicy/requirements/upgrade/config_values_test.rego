package dfpolicy.requirements.upgrade.config_values_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.config_values
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := config_values.results with input as document
}

_observed(document, id) := fixture.observed(results, id) if {
	results := config_values.results with input as document
}

_configured(old, new) := shared.upgrade([shared.agent, fixture.configuration(old)], [shared.agent, fixture.configuration(new)])

test_verdict[name] if {
	full := "controller-ips: [172.20.1.1]\nkubernetes-cluster-id: d-1a2b\nvtap-group-id-request: g-1a2b\n"
	some name, case in {
		"kept": {"old": full, "new": full, "want": "pass recommended"},
		"the chart's default before and after": {"old": "controller-ips: [deepflow-server]", "new": "controller-ips: [deepflow-server]", "want": "pass recommended"},
		"other addresses": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips: [172.20.1.2]", "want": "pass recommended"},
		"an address of several": {"old": "controller-ips: [172.20.1.1, 172.20.1.2]", "new": "controller-ips: [172.20.1.2]", "want": "pass recommended"},
		"new values": {"old": "controller-ips: [deepflow-server]", "new": full, "want": "pass recommended"},
		"addresses replaced by the chart's": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips: [deepflow-server]", "want": "violation required"},
		"addresses replaced by a placeholder": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips: [10.1.2.3]", "want": "violation required"},
		"addresses removed": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips:", "want": "violation required"},
		"cluster id lost": {
			"old": full,
			"new": "controller-ips: [172.20.1.1]\nvtap-group-id-request: g-1a2b",
			"want": "violation recommended",
		},
		"group replaced by a placeholder": {
			"old": full,
			"new": replace(full, "g-1a2b", "g-xxxxxxxxxx"),
			"want": "violation recommended",
		},
		"default port": {"old": "controller-port: 30035", "new": "", "want": "pass recommended"},
		"other port": {"old": "controller-port: 20035", "new": "", "want": "violation recommended"},
		"opaque before": {"old": "controller-ips:\n  a: b", "new": "controller-ips: [deepflow-server]", "want": "violation required"},
		"opaque after": {"old": "controller-ips: [172.20.1.1]", "new": "controller-ips:\n  a: b", "want": "pass recommended"},
		"unreadable before": {"old": "just words", "new": full, "want": "unknown recommended"},
		"unreadable after": {"old": full, "new": "just words", "want": "unknown recommended"},
		"no file before": {"old": null, "new": full, "want": "pass recommended"},
		"no file after": {"old": full, "new": null, "want": "violation required"},
		"wrong types": {"old": 5, "new": ["a"], "want": "pass recommended"},
	}
	_verdicts(_configured(case.old, case.new), "DF-UPG-006") == {case.want}
}

test_observed_lists_the_lost_values if {
	document := _configured("kubernetes-cluster-id: d-1a2b\nteam-id: t", "log-file: /a")
	_observed(document, "DF-UPG-006") == {"kubernetes-cluster-id is lost (d-1a2b); team-id is lost (t)"}
}

test_missing_config_maps_have_a_command[name] if {
	some name, case in {
		"running": {"from": [shared.agent], "new": [shared.agent, fixture.configuration("team-id: t")]},
		"new": {"from": [shared.agent, fixture.configuration("team-id: t")], "new": [shared.agent]},
	}
	results := config_values.results with input as shared.upgrade(case.from, case.new)
	{result.collect | some result in results; result.id == "DF-UPG-006"} == {"kubectl get configmap -n deepflow deepflow-agent -o yaml"}
}
