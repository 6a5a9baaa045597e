# METADATA
# title: Each granted resource has the verbs get, list and watch
# description: >-
#   The agent loads each resource with `list` and keeps it up to date with `watch`. Without one of
#   them its data is missing or out of date. DeepFlow's documentation also requires `get`, which the
#   agent uses only on its own DaemonSet.
# related_resources:
#   - description: DeepFlow documentation, agent permissions and kernel
#     ref: https://deepflow.io/docs/ce-install/overview/
#   - description: Kubernetes documentation, RBAC
#     ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
# custom:
#   id: DF-RBAC-015
#   met: each resource that the agent watches and that is granted has the verbs get, list and watch
#   covers: [rbac-verbs]
#   remediation: >-
#     Set the verbs `get`, `list` and `watch` in each rule of the ClusterRole that the agent's
#     service account is bound to.
package dfpolicy.requirements.rbac.reading_verbs

import data.dfpolicy.lib.access
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result
import data.dfpolicy.tables.rbac_resources

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := verdict if {
	verdict := access.unanswered(workload)
} else := result.pass("get, list and watch are granted on every resource") if {
	count(access.lacking(workload, {1, 2, 3})) == 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := access.following(workload, rbac_changes.reading(workload, result.violation(
	"no verb is granted on any resource",
	"get, list and watch on each resource",
))) if {
	count(access.lacking(workload, {3})) == count(rbac_resources.api_groups)
} else := result.pass("each resource with any verb has get, list and watch") if {
	count(access.lacking(workload, {1, 2})) == 0
} else := result.losing([], _lacking_verbs(workload)) if {
	every lacking in access.lacking(workload, {1, 2}) {
		lacking[1] == ["get"]
	}
} else := rbac_changes.reading(workload, _lacking_verbs(workload))

_lacking_verbs(workload) := result.violation(
	message.clauses([message.of("no {verbs} on {resource}", {"resource": resource, "verbs": message.whole(verbs)}) |
		some [resource, verbs] in access.lacking(workload, {1, 2})
	]),
	"get, list and watch on each resource",
)
