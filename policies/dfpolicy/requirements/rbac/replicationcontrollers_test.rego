package dfpolicy.requirements.rbac.replicationcontrollers_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.rbac_test as shared
import data.dfpolicy.requirements.rbac.replicationcontrollers

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("replicationcontrollers")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("replicationcontrollers")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "replicationcontrollers"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := replicationcontrollers.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-006") == {case.want}
}
