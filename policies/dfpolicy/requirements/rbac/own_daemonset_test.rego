package dfpolicy.requirements.rbac.own_daemonset_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.lib.rbac_fixture_test as access
import data.dfpolicy.requirements.rbac.own_daemonset

test_verdict[name] if {
	rule := {"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get", "list", "watch", "update", "patch"]}
	named := object.union(rule, {"resourceNames": ["deepflow-agent"]})
	bound := access.document("RoleBinding", "update", {
		"subjects": [{"kind": "ServiceAccount", "name": "deepflow-agent", "apiGroup": ""}],
		"roleRef": {"kind": "Role", "name": "update"},
	})
	some name, case in {
		"granted": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": [named]}), bound],
			"want": "pass",
		},
		"granted to any version": {
			"tag": "latest",
			"documents": [access.document("Role", "update", {"rules": [named]}), bound],
			"want": "pass",
		},
		"by a ClusterRole": {
			"tag": "v7.1",
			"documents": [access.role("a", [rule]), access.binding("a")],
			"want": "pass",
		},
		"no patch": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": [object.union(named, {"verbs": ["get", "update"]})]}), bound],
			"want": "violation",
		},
		"another name": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": [object.union(named, {"resourceNames": ["a"]})]}), bound],
			"want": "violation",
		},
		"wrong type": {
			"tag": "v7.1",
			"documents": [access.document("Role", "update", {"rules": "*"}), bound],
			"want": "violation",
		},
		"an old agent": {"tag": "v6.4.9", "documents": [], "want": "pass"},
		"no version": {"tag": "latest", "documents": [bound], "want": "unknown"},
		"role not in the input": {"tag": "v7.1", "documents": [bound], "want": "unknown"},
		"no roles at all": {"tag": "v7.1", "documents": [], "want": "unknown"},
	}
	agent := fixture.workload("DaemonSet", {}, {"image": $"registry.example.com/deepflow-ce/deepflow-agent:{case.tag}"})
	results := own_daemonset.results with input as {"resources": array.concat([agent], case.documents)}
	fixture.verdicts(results, "DF-RBAC-017") == {$"{case.want} recommended"}
}
