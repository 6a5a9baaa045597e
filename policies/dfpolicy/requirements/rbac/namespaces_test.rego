package dfpolicy.requirements.rbac.namespaces_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.namespaces
import data.dfpolicy.requirements.rbac.rbac_test as shared

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("namespaces")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("namespaces")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "namespaces"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := namespaces.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-002") == {case.want}
}
