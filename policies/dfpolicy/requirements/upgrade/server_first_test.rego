package dfpolicy.requirements.upgrade.server_first_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.server_first
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := server_first.results with input as document
}

_observed(document, id) := fixture.observed(results, id) if {
	results := server_first.results with input as document
}

test_verdict[name] if {
	old := [shared.tagged("v6.5.8"), shared.server("v6.5.8")]
	some name, case in {
		"the server is already upgraded": {"from": [shared.tagged("v6.5.8"), shared.server("v7.1")], "new": [shared.tagged("v7.1")], "want": "pass required"},
		"agents first": {"from": old, "new": [shared.tagged("v7.1")], "want": "violation required"},
		"agents first, none ran": {"from": [shared.server("v6.5.8")], "new": [shared.tagged("v7.1")], "want": "violation required"},
		"both together": {"from": old, "new": [shared.tagged("v7.1"), shared.server("v7.1")], "want": "pass required"},
		"both, the server is still older": {"from": old, "new": [shared.tagged("v7.1"), shared.server("v7.0")], "want": "violation required"},
		"both, the server of a moving tag": {"from": old, "new": [shared.tagged("v7.1"), shared.server("latest")], "want": "unknown required"},
		"both together, running release unknown": {"from": [], "new": [shared.tagged("v7.1"), shared.server("v7.1")], "want": "pass required"},
		"the agents are not upgraded": {"from": [shared.tagged("v7.1"), shared.server("v6.5.8")], "new": [shared.tagged("v7.1")], "want": "pass required"},
		"running server of a moving tag": {"from": [shared.tagged("v6.5.8"), shared.server("latest")], "new": [shared.tagged("v7.1")], "want": "unknown required"},
		"no server runs": {"from": [shared.tagged("v6.5.8")], "new": [shared.tagged("v7.1")], "want": "unknown required"},
		"new agents of a moving tag": {"from": old, "new": [shared.tagged("latest")], "want": "unknown required"},
		"running agents of a moving tag": {"from": [shared.tagged("latest"), shared.server("v6.5.8")], "new": [shared.tagged("v7.1")], "want": "violation required"},
	}
	_verdicts(shared.upgrade(case.from, case.new), "DF-UPG-001") == {case.want}
}

test_observed_has_both_server_versions if {
	document := shared.upgrade([shared.server("v6.5.8")], [shared.tagged("v7.1"), shared.server("v7.0")])
	observed := "the agents get v7.1, but the running server is v6.5.8 and gets only v7.0"
	_observed(document, "DF-UPG-001") == {observed}
}
