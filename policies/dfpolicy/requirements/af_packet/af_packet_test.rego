package dfpolicy.requirements.af_packet.af_packet_test

import data.dfpolicy.lib.fixture_test as fixture

# The results of all requirements of the group.
answers := union({found | found := data.dfpolicy.requirements.af_packet[_].results})

test_no_result_without_subject if {
	results := answers with input as {"resources": [fixture.configuration("controller-ips: [a]")]}
	results == set()
}

test_requirements_on_hosts if {
	ids := {"DF-NET-001", "DF-NET-002", "DF-NET-003", "DF-NET-004", "DF-NET-006", "DF-NET-007"}
	some document in [fixture.composed({}, []), fixture.started({}, [])]
	results := answers with input as document
	{result.id | some result in results} == ids
}
