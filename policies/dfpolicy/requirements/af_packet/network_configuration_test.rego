package dfpolicy.requirements.af_packet.network_configuration_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.af_packet.network_configuration

test_verdict[name] if {
	some name, case in {
		"held": {"container": {}, "want": "pass required"},
		"missing": {"container": fixture.without("NET_ADMIN"), "want": "violation required"},
		"wrong type": {
			"container": {"securityContext": {"capabilities": {"add": "NET_ADMIN"}}},
			"want": "violation required",
		},
	}
	results := network_configuration.results with input as fixture.agent({}, case.container)
	fixture.verdicts(results, "DF-NET-003") == {case.want}
}
