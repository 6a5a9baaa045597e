# METADATA
# title: The agent can get, list and watch routes
# description: >-
#   OpenShift uses routes where other clusters use ingresses. In other clusters you lose nothing
#   without this access.
# custom:
#   id: DF-RBAC-012
#   covers: [rbac-routes]
#   reads: [manifests, cluster]
#   remediation: >-
#     Add a rule for `routes` of the API group `route.openshift.io` to the ClusterRole that the
#     agent's service account is bound to. It needs the verbs `get`, `list` and `watch`, and no
#     `resourceNames`. On OpenShift, also enable `routes` instead of `ingresses` under
#     `api_resources` in the agent group's configuration.
package dfpolicy.requirements.rbac.routes

import data.dfpolicy.lib.access
import data.dfpolicy.lib.openshift
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := result.at("recommended", access.verdict(workload, "routes")) if {
	access.verdict(workload, "routes").outcome == "violation"
	not settings.strict
	not _routed
} else := access.verdict(workload, "routes")

default _routed := false

_routed if openshift.detected

# Another cluster that serves routes.
_routed if {
	some name in value.strings_at(settings.cluster, "apiGroups")
	split(name, "/")[0] == "route.openshift.io"
}
