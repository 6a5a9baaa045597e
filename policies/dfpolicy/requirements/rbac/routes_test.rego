package dfpolicy.requirements.rbac.routes_test

import data.dfpolicy.lib.fixture_test as fixture
import data.dfpolicy.requirements.rbac.rbac_test as shared
import data.dfpolicy.requirements.rbac.routes

test_level_by_cluster[name] if {
	some name, case in {
		"cluster not known": {"more": {}, "want": "violation recommended"},
		"another distribution": {"more": {"cluster": {"spec": {"distribution": "tke"}}}, "want": "violation recommended"},
		"wrong types": {
			"more": {"cluster": {"spec": {"distribution": ["openshift"], "apiGroups": "route.openshift.io"}}},
			"want": "violation recommended",
		},
		"OpenShift": {"more": {"cluster": {"spec": {"distribution": "openshift"}}}, "want": "violation required"},
		"OpenShift by the label of a node": {
			"more": {"resources": array.concat(
				shared.granted(shared.all_but("routes")).resources,
				[{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "labels": {"node.openshift.io/os_id": "rhcos"}}}],
			)},
			"want": "violation required",
		},
		"API group": {
			"more": {"cluster": {"spec": {"apiGroups": ["apps", "route.openshift.io"]}}},
			"want": "violation required",
		},
		"API group and version": {
			"more": {"cluster": {"spec": {"apiGroups": ["route.openshift.io/v1"]}}},
			"want": "violation required",
		},
		"strict": {"more": {"profile": "strict"}, "want": "violation required"},
	}
	results := routes.results with input as object.union(shared.granted(shared.all_but("routes")), case.more)
	fixture.verdicts(results, "DF-RBAC-012") == {case.want}
}
