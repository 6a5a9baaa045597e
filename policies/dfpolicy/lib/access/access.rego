# METADATA
# title: Access to watched resources
# description: Whether the agent may get, list and watch a resource of the API server.
package dfpolicy.lib.access

import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.tables.rbac_resources

# METADATA
# title: Access
# description: The verdict on the agent's right to get, list and watch a resource of the API server.
verdict(workload, resource) := found if {
	found := unanswered(workload)
} else := result.pass($"get, list and watch on {resource} are granted") if {
	count(missing(workload, resource)) == 0
} else := found if {
	found := rbac.unresolved(rbac.account(workload))
} else := result.violation(
	concat("", [
		$"{rbac.shown(rbac.account(workload))} may not {concat(", ", missing(workload, resource))} {resource}: ",
		rbac.why(rbac.account(workload), rbac_resources.api_groups[resource], resource),
	]),
	$"get, list and watch on {_qualified(resource)} in the whole cluster",
)

# METADATA
# title: Missing verbs
# description: The verbs out of get, list and watch that the agent lacks on the resource, in order.
missing(workload, resource) := sort(rbac.missing(
	rbac.account(workload),
	rbac_resources.api_groups[resource],
	resource,
))

_qualified(resource) := resource if {
	rbac_resources.api_groups[resource] == ""
} else := $"{resource}.{rbac_resources.api_groups[resource]}"

# METADATA
# title: Access not known
# description: >-
#   The unknown verdict where the input lacks the workload that watches in the agent's place, or any role.
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
# description: The unknown verdict where the input lacks the workload that watches in the agent's place.
unwatched(workload) := result.unknown(
	"the workload that watches the API server",
	$"kubectl get deployments -n {workload.subject.namespace} -l app=deepflow,component=deepflow-agent -o yaml",
) if {
	not workload.watches
}
