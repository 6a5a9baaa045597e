# METADATA
# title: The agent can get, list and watch routes
# description: >-
#   On OpenShift, routes are what ingresses are elsewhere. In another cluster nothing is lost
#   without them.
# custom:
#   id: DF-RBAC-012
#   covers: [rbac-routes]
#   reads: [manifests, cluster]
#   remediation: >-
#     Add `routes` of the API group `route.openshift.io` with the verbs `get`, `list` and `watch`
#     in a rule without `resourceNames` to the ClusterRole that the agent's service account is
#     bound to. On OpenShift also enable `routes` in place of `ingresses` under `api_resources` of
#     the agent group's configuration.
package dfpolicy.requirements.rbac.routes

import data.dfpolicy.lib.access
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := result.at("recommended", access.verdict(workload, "routes")) if {
	access.verdict(workload, "routes").outcome == "violation"
	not settings.strict
	not _openshift
} else := access.verdict(workload, "routes")

_openshift if value.at(settings.cluster, ["distribution"], "") == "openshift"

_openshift if {
	some name in value.strings_at(settings.cluster, ["apiGroups"])
	split(name, "/")[0] == "route.openshift.io"
}
