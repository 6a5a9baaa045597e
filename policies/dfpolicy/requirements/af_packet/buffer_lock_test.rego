package dfpolicy.requirements.af_packet.buffer_lock_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.buffer_lock

test_verdict[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass recommended"},
		"missing": {"container": fixture.without("IPC_LOCK"), "want": "violation recommended"},
		"wrong type": {
			"container": {"securityContext": {"capabilities": {"add": "IPC_LOCK"}}},
			"want": "violation recommended",
		},
	}
	results := buffer_lock.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-NET-004") == {case.want}
}
