# METADATA
# title: Access to watched resources
# description: Checks whether the agent can get, list and watch a resource of the API server.
package dfpolicy.lib.access

import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result
import data.dfpolicy.tables.rbac_resources

# METADATA
# title: Access
# description: The verdict on whether the agent can get, list and watch the resource.
verdict(workload, resource) := found if {
	found := unanswered(workload)
} else := result.pass("get, list and watch are granted") if {
	count(_missing(workload, resource)) == 0
} else := found if {
	found := rbac.unresolved(rbac.account(workload))
} else := result.losing([], _refused(workload, resource)) if {
	# The agent only lists and watches.
	_missing(workload, resource) == ["get"]
} else := _refused(workload, resource)

_refused(workload, resource) := following(workload, rbac_changes.reading(workload, result.violation(
	message.of("{account} cannot {verbs} {resource}: {reason}", {
		"account": rbac.shown(rbac.account(workload)),
		"verbs": message.whole(_missing(workload, resource)),
		"resource": resource,
		"reason": rbac.why(rbac.account(workload), rbac_resources.api_groups[resource], resource),
	}),
	message.of("get, list and watch on {resource} in the whole cluster", {"resource": _qualified(resource)}),
)))

# METADATA
# title: Cause of missing access
# description: >-
#   The verdict with its cause: an account that nothing binds in the whole cluster, or one that may
#   read no resource at all.
following(workload, verdict) := result.following("DF-RBAC-014", verdict) if {
	count(rbac.cluster_bindings(rbac.account(workload))) == 0
} else := result.following("DF-RBAC-015", verdict) if {
	count(lacking(workload, {3})) == count(rbac_resources.api_groups)
} else := verdict

_missing(workload, resource) := sort(rbac.missing(
	rbac.account(workload),
	rbac_resources.api_groups[resource],
	resource,
))

# METADATA
# title: Resources with missing verbs
# description: The resources that lack so many of get, list and watch, each with these verbs, sorted.
lacking(workload, counts) := sort([[resource, absent] |
	some resource, _ in rbac_resources.api_groups
	absent := _missing(workload, resource)
	counts[count(absent)]
])

_qualified(resource) := resource if {
	rbac_resources.api_groups[resource] == ""
} else := $"{resource}.{rbac_resources.api_groups[resource]}"

# METADATA
# title: Access not known
# description: >-
#   The unknown verdict when the input has no role at all, or not the workload that watches for the agent.
unanswered(workload) := found if {
	found := unwatched(workload)
} else := result.unknown(
	"the roles and bindings of the cluster",
	"kubectl get clusterroles,clusterrolebindings -o yaml",
) if {
	not rbac.stated
}

# METADATA
# title: Watcher not known
# description: The unknown verdict when the workload that watches for the agent is not in the input.
unwatched(workload) := result.unknown(
	"the workload that watches the API server",
	$"kubectl get deployments -n {result.word(workload.subject.namespace)} -l app=deepflow,component=deepflow-agent -o yaml",
) if {
	not workload.watches
}
