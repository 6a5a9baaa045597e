package dfpolicy.requirements.rbac.deployments_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.deployments
import data.dfpolicy.requirements.rbac.rbac_test as shared

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("deployments")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("deployments")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "deployments"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := deployments.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-008") == {case.want}
}
