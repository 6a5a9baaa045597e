package dfpolicy.requirements.rbac.configmaps_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.configmaps
import data.dfpolicy.requirements.rbac.rbac_test as shared

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("configmaps")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("configmaps")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "configmaps"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := configmaps.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-003") == {case.want}
}
