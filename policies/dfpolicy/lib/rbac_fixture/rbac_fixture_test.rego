# METADATA
# title: Fixture of the tests of RBAC
# description: Roles and bindings of the agent. Not part of the bundle.
package dfpolicy.lib.rbac_fixture_test

import data.dfpolicy.lib.fixture_test as fixture

account := {"namespace": "deepflow", "name": "deepflow-agent"}

subject := object.union({"kind": "ServiceAccount", "apiGroup": ""}, account)

rule := {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}

# A role or binding; those of the kinds Role and RoleBinding are in the agent's namespace.
document(kind, name, content) := object.union(
	{
		"apiVersion": "rbac.authorization.k8s.io/v1",
		"kind": kind,
		"metadata": object.union({"name": name}, _place(kind)),
	},
	content,
)

_place(kind) := {"namespace": "deepflow"} if {
	kind in {"Role", "RoleBinding"}
} else := {}

role(name, rules) := document("ClusterRole", name, {"rules": rules})

labelled(name, labels, content) := object.union(
	document("ClusterRole", name, content),
	{"metadata": {"labels": labels}},
)

aggregate(name, selectors) := document("ClusterRole", name, {"aggregationRule": {"clusterRoleSelectors": selectors}})

reference(name) := {"kind": "ClusterRole", "name": name}

binding(role_name) := document("ClusterRoleBinding", role_name, {
	"subjects": [subject],
	"roleRef": reference(role_name),
})

resources(documents) := {"resources": array.concat([fixture.workload("DaemonSet", {}, {})], documents)}
