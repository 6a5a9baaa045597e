package dfpolicy.requirements.rbac.daemonsets_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.daemonsets
import data.dfpolicy.requirements.rbac.rbac_test as shared

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("daemonsets")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("daemonsets")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "daemonsets"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := daemonsets.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-007") == {case.want}
}
