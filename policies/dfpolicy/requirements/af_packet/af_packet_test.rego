package dfpolicy.requirements.af_packet.af_packet_test

import data.dfpolicy.lib.fixture_test as fixture

# What all requirements of the group answer.
answers := union({found | found := data.dfpolicy.requirements.af_packet[_].results})

test_no_subject_no_result if {
	results := answers with input as {"resources": [fixture.configuration("controller-ips: [a]")]}
	results == set()
}

test_what_hosts_are_asked if {
	ids := {"DF-NET-001", "DF-NET-002", "DF-NET-003", "DF-NET-004", "DF-NET-006"}
	some document in [fixture.composed({}, []), fixture.started({}, [])]
	results := answers with input as document
	{result.id | some result in results} == ids
}
