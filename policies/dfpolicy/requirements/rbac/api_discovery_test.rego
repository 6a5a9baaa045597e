package dfpolicy.requirements.rbac.api_discovery_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.api_discovery

test_verdict[name] if {
	some name, case in {
		"by default": {"documents": [], "want": "pass"},
		"redefined for everyone": {
			"documents": [access.document("ClusterRoleBinding", "system:discovery", {
				"subjects": [{"kind": "Group", "name": "system:authenticated"}],
				"roleRef": access.reference("system:discovery"),
			})],
			"want": "pass",
		},
		"redefined for nobody": {
			"documents": [access.document("ClusterRoleBinding", "system:discovery", {"subjects": null})],
			"want": "violation",
		},
		"redefined to nothing": {"documents": [access.role("system:discovery", "*")], "want": "violation"},
		"granted otherwise": {
			"documents": [access.role("system:discovery", []), access.binding("cluster-admin")],
			"want": "pass",
		},
		"redefined together with a role that is not in the input": {
			"documents": [access.role("system:discovery", []), access.binding("a")],
			"want": "unknown",
		},
	}
	results := api_discovery.results with input as access.resources(case.documents)
	fixture.verdicts(results, "DF-RBAC-016") == {$"{case.want} informational"}
}
