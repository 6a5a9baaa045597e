package dfpolicy.requirements.rbac.cluster_binding_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.cluster_binding

test_verdict[name] if {
	some name, case in {
		"ClusterRoleBinding": {"documents": [access.binding("a")], "want": "pass"},
		"one that everyone has": {
			"documents": [object.union(access.binding("system:discovery"), {"subjects": [{
				"kind": "Group",
				"name": "system:authenticated",
			}]})],
			"want": "violation",
		},
		"RoleBinding": {
			"documents": [object.union(access.binding("a"), {"kind": "RoleBinding"})],
			"want": "violation",
		},
		"another account": {
			"documents": [object.union(access.binding("a"), {"subjects": [{
				"kind": "ServiceAccount",
				"name": "default",
				"namespace": "deepflow",
			}]})],
			"want": "violation",
		},
		"wrong type": {"documents": [object.union(access.binding("a"), {"subjects": "a"})], "want": "violation"},
		"no roles at all": {"documents": [], "want": "unknown"},
	}
	results := cluster_binding.results with input as access.resources(case.documents)
	fixture.verdicts(results, "DF-RBAC-014") == {$"{case.want} required"}
}

test_reason_of_a_role_binding if {
	results := cluster_binding.results with input as access.resources([object.union(access.binding("a"), {"kind": "RoleBinding"})])
	fixture.observed(results, "DF-RBAC-014") == {concat("", [
		"deepflow/deepflow-agent is not bound in the whole cluster: ",
		"the account is bound only by the RoleBinding deepflow/a, which applies to one namespace",
	])}
}
