package dfpolicy.requirements.rbac.pods_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.pods
import data.dfpolicy.requirements.rbac.rbac_test as shared

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("pods")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("pods")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "pods"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := pods.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-005") == {case.want}
}

test_without_get_nothing_is_lost if {
	reading := object.union(shared.reading("pods"), {"verbs": ["list", "watch"]})
	results := pods.results with input as shared.granted([reading])
	[[result.outcome, result.impact] | some result in results] == [["violation", []]]
}
