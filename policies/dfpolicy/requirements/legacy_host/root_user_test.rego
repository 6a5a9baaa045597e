package dfpolicy.requirements.legacy_host.root_user_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.legacy_host.root_user

_results(document) := results if {
	results := root_user.results with input as document
}

_verdicts(document, id) := fixture.verdicts(_results(document), id)

_observed(document, id) := fixture.observed(_results(document), id)

test_verdict[name] if {
	some name, case in {
		"root": {"user": "root", "want": "pass recommended"},
		"none": {"user": null, "want": "pass recommended"},
		"another": {"user": "deepflow", "want": "violation recommended"},
		"a number": {"user": 1000, "want": "violation recommended"},
		"wrong type": {"user": {"a": "b"}, "want": "violation recommended"},
	}
	_verdicts(fixture.composed({"user": case.user}, []), "DF-LH-008") == {case.want}
}

test_systemd_unit if {
	_verdicts(fixture.started({}, []), "DF-LH-008") == {"pass recommended"}
	_observed(fixture.started({"User": ["deepflow"]}, []), "DF-LH-008") == {"the agent runs as user deepflow"}
}

test_ambient_capabilities if {
	unit := {"User": ["deepflow"], "AmbientCapabilities": ["CAP_SYS_ADMIN CAP_DAC_READ_SEARCH"]}
	_verdicts(fixture.started(unit, []), "DF-LH-008") == {"pass recommended"}
}
