package dfpolicy.requirements.rbac.services_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.rbac_test as shared
import data.dfpolicy.requirements.rbac.services

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("services")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("services")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "services"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := services.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-004") == {case.want}
}
