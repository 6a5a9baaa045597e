package dfpolicy.requirements.af_packet.raw_sockets_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.raw_sockets

test_verdict[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("NET_RAW"), "want": "violation required"},
		"wrong type": {
			"container": {"securityContext": {"capabilities": {"add": "NET_RAW"}}},
			"want": "violation required",
		},
	}
	results := raw_sockets.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-NET-002") == {case.want}
}
