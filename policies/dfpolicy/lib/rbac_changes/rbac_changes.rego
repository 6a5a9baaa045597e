# METADATA
# title: Changes of roles
# description: >-
#   Verdicts with the roles and bindings that are missing. They are added beside the objects of the
#   chart, so that an upgrade of the release keeps them.
package dfpolicy.lib.rbac_changes

import data.dfpolicy.lib.change
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.tables.rbac_resources

# METADATA
# title: Reading
# description: After the change, the agent's account can read all resources that the agent watches.
reading(workload, verdict) := _in_cluster(workload, "deepflow-agent-reader", _reading_rules, verdict)

_reading_rules := [{"apiGroups": [group], "resources": resources, "verbs": ["get", "list", "watch"]} |
	some group in sort({group | some group in rbac_resources.api_groups})
	resources := sort([resource | some resource, own in rbac_resources.api_groups; own == group])
]

# METADATA
# title: Other resources
# description: After the change, the account can list and watch resources [resource, group] that the agent group enables.
listing(workload, parts, verdict) := _in_cluster(
	workload,
	"deepflow-agent-extra-reader",
	[{"apiGroups": [part[1]], "resources": [part[0]], "verbs": ["get", "list", "watch"]} | some part in parts],
	verdict,
)

# METADATA
# title: Discovery
# description: After the change, the account can get the version and the API groups.
discovery(workload, verdict) := _in_cluster(
	workload,
	"deepflow-agent-discovery",
	[{"nonResourceURLs": ["/api", "/api/*", "/apis", "/apis/*", "/version"], "verbs": ["get"]}],
	verdict,
)

_in_cluster(workload, name, rules, verdict) := result.fixed_by(
	change.objects(name, [
		change.create({
			"apiVersion": _version,
			"kind": "ClusterRole",
			"metadata": {"name": _bound_name(workload, name)},
			"rules": rules,
		}),
		change.create({
			"apiVersion": _version,
			"kind": "ClusterRoleBinding",
			"metadata": {"name": _bound_name(workload, name)},
			"roleRef": {"apiGroup": _group, "kind": "ClusterRole", "name": _bound_name(workload, name)},
			"subjects": [_subject(workload)],
		}),
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# Two deployments in one cluster do not share the objects.
_bound_name(workload, name) := concat("-", [workload.subject.namespace, name])

# METADATA
# title: One object
# description: After the change, the account can use the verbs on the object {group, resource, name} in its namespace.
writing(workload, target, verbs, verdict) := _in_namespace(
	rbac.account(workload),
	concat("-", ["deepflow-agent", target.resource]),
	[{"apiGroups": [target.group], "resources": [target.resource], "resourceNames": [target.name], "verbs": verbs}],
	verdict,
)

# METADATA
# title: Election of a leader
# description: After the change, the server's account can use leases in its namespace.
electing(account, verdict) := _in_namespace(
	account,
	"deepflow-server-leases",
	[{"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["create", "get", "update"]}],
	verdict,
)

_in_namespace(account, name, rules, verdict) := result.fixed_by(
	change.objects(name, [
		change.create({
			"apiVersion": _version,
			"kind": "Role",
			"metadata": {"name": name, "namespace": account.namespace},
			"rules": rules,
		}),
		change.create({
			"apiVersion": _version,
			"kind": "RoleBinding",
			"metadata": {"name": name, "namespace": account.namespace},
			"roleRef": {"apiGroup": _group, "kind": "Role", "name": name},
			"subjects": [object.union({"kind": "ServiceAccount"}, account)],
		}),
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# METADATA
# title: SCC
# description: After the change, the account can use the SCC `privileged` of OpenShift.
privileged_scc(workload, verdict) := result.fixed_by(
	change.objects("scc-privileged", [change.create({
		"apiVersion": _version,
		"kind": "RoleBinding",
		"metadata": {"name": "deepflow-agent-scc-privileged", "namespace": workload.subject.namespace},
		"roleRef": {"apiGroup": _group, "kind": "ClusterRole", "name": "system:openshift:scc:privileged"},
		"subjects": [_subject(workload)],
	})]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

_subject(workload) := object.union({"kind": "ServiceAccount"}, rbac.account(workload))

_group := "rbac.authorization.k8s.io"

_version := $"{_group}/v1"
