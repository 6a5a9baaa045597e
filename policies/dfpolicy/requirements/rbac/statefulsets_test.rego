package dfpolicy.requirements.rbac.statefulsets_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.rbac_test as shared
import data.dfpolicy.requirements.rbac.statefulsets

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("statefulsets")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("statefulsets")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "statefulsets"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := statefulsets.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-010") == {case.want}
}
