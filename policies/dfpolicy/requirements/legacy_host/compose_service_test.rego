package dfpolicy.requirements.legacy_host.compose_service_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.compose_service

_results(document) := results if {
	results := compose_service.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

test_verdict[name] if {
	some name, case in {
		"complete": {"change": {}, "want": "pass required"},
		"a capability is missing": {"change": {"cap_add": ["SYS_ADMIN"]}, "want": "violation required"},
		"the agent enters the host network": {"change": {"network_mode": "bridge"}, "want": "pass required"},
		"the agent cannot enter the host network": {"change": {"network_mode": null, "pid": null}, "want": "violation required"},
		"its own PID namespace": {"change": {"pid": null}, "want": "violation required"},
		"no debugfs": {"change": {"volumes": []}, "want": "violation required"},
		"wrong types": {"change": {"cap_add": "ALL", "volumes": "a", "pid": 1}, "want": "violation required"},
	}
	_verdicts(fixture.composed(case.change, []), "DF-LH-007") == {case.want}
}

test_strict_profile if {
	document := object.union(fixture.composed({"network_mode": "bridge"}, []), {"profile": "strict"})
	_observed(document, "DF-LH-007") == {"network_mode is not host"}
}
