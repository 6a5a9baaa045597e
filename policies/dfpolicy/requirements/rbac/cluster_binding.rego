# METADATA
# title: The agent's service account is bound in the whole cluster
# description: >-
#   Nodes and namespaces are cluster-scoped, and the agent lists all other resources across
#   namespaces. A RoleBinding applies to one namespace only, even when it refers to a ClusterRole.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, RBAC
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   id: DF-RBAC-014
#   met: a ClusterRoleBinding binds the agent's account to a ClusterRole
#   related: [DF-RBAC-013, DF-RBAC-015]
#   covers: [rbac-verbs]
#   remediation: >-
#     Apply a ClusterRoleBinding. Its `roleRef` is the agent's ClusterRole, and its `subjects`
#     contain the agent's service account with `kind`, `name` and `namespace`.
package dfpolicy.requirements.rbac.cluster_binding

import data.dfpolicy.lib.access
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := verdict if {
	verdict := access.unanswered(workload)
} else := result.pass(message.of("the ClusterRoleBinding {bindings} binds {account}", {
	"bindings": message.whole(rbac.cluster_bindings(rbac.account(workload))),
	"account": rbac.shown(rbac.account(workload)),
})) if {
	count(rbac.cluster_bindings(rbac.account(workload))) > 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := rbac_changes.reading(workload, result.violation(
	message.of("{account} is not bound in the whole cluster: {reason}", {
		"account": rbac.shown(rbac.account(workload)),
		"reason": rbac.unbound(rbac.account(workload)),
	}),
	"a ClusterRoleBinding of the account to a ClusterRole",
))
