package dfpolicy.requirements.upgrade.host_network_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.host_network
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := host_network.results with input as document
}

test_verdict[name] if {
	some name, case in {
		"kept": {"old": {}, "new": {}, "want": "pass recommended"},
		"left": {"old": {}, "new": {"hostNetwork": false, "dnsPolicy": "ClusterFirst"}, "want": "violation recommended"},
		"null": {"old": {}, "new": {"hostNetwork": null}, "want": "violation recommended"},
		"a string": {"old": {}, "new": {"hostNetwork": "true"}, "want": "violation recommended"},
		"entered": {"old": {"hostNetwork": false}, "new": {}, "want": "pass recommended"},
		"never on it": {"old": {"hostNetwork": false}, "new": {"hostNetwork": false, "dnsPolicy": null}, "want": "pass recommended"},
		"DNS left": {"old": {}, "new": {"dnsPolicy": "ClusterFirst"}, "want": "violation recommended"},
		"DNS null": {"old": {}, "new": {"dnsPolicy": null}, "want": "violation recommended"},
		"DNS of a wrong type": {"old": {}, "new": {"dnsPolicy": 5}, "want": "violation recommended"},
		"DNS never": {"old": {"dnsPolicy": "Default"}, "new": {"dnsPolicy": "ClusterFirst"}, "want": "pass recommended"},
	}
	document := shared.upgrade(
		[fixture.workload("DaemonSet", case.old, {})],
		[fixture.workload("DaemonSet", case.new, {})],
	)
	_verdicts(document, "DF-UPG-007") == {case.want}
}
