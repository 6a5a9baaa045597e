package dfpolicy.requirements.rbac.replicasets_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.rbac_test as shared
import data.dfpolicy.requirements.rbac.replicasets

test_verdict[name] if {
	some name, case in {
		"granted": {"input": shared.granted([shared.reading("replicasets")]), "want": "pass required"},
		"all others granted": {"input": shared.granted(shared.all_but("replicasets")), "want": "violation required"},
		"wrong type": {"input": shared.granted({"resources": "replicasets"}), "want": "violation required"},
		"no roles at all": {"input": access.resources([]), "want": "unknown required"},
	}
	results := replicasets.results with input as case.input
	fixture.verdicts(results, "DF-RBAC-009") == {case.want}
}
