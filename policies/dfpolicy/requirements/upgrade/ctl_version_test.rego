package dfpolicy.requirements.upgrade.ctl_version_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.upgrade.ctl_version
import data.dfpolicy.requirements.upgrade.upgrade_test as shared

_verdicts(document, id) := fixture.verdicts(results, id) if {
	results := ctl_version.results with input as document
}

test_ctl[name] if {
	some name, case in {
		"same line": {"parameters": {"ctlVersion": "v7.1.3"}, "server": "v7.1", "want": "pass recommended"},
		"another line": {"parameters": {"ctlVersion": "v6.5"}, "server": "v7.1", "want": "violation recommended"},
		"not stated": {"parameters": {}, "server": "v7.1", "want": "unknown recommended"},
		"null": {"parameters": {"ctlVersion": null}, "server": "v7.1", "want": "unknown recommended"},
		"no version": {"parameters": {"ctlVersion": "latest"}, "server": "v7.1", "want": "unknown recommended"},
		"wrong type": {"parameters": {"ctlVersion": 7.1}, "server": "v7.1", "want": "unknown recommended"},
		"server of a moving tag": {"parameters": {"ctlVersion": "v7.1"}, "server": "latest", "want": "unknown recommended"},
	}
	document := object.union(shared.upgrade([shared.agent], [shared.agent, shared.server(case.server)]), {"parameters": case.parameters})
	_verdicts(document, "DF-UPG-003") == {case.want}
}
