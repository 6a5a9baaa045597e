# METADATA
# title: The agent can discover the API
# description: >-
#   The agent reads `/version`, `/api` and `/apis` to find out which resources the cluster serves.
#   By default every account can read them.
# related_resources:
#   - description: DeepFlow source code, the agent's API watcher
#     ref: https://github.com/deepflowio/deepflow/blob/main/agent/src/platform/kubernetes/api_watcher.rs
# custom:
#   id: DF-RBAC-016
#   met: the agent's account may get `/version`, `/api` and `/apis`
#   level: informational
#   remediation: >-
#     Restore the ClusterRoleBinding `system:discovery` for the group `system:authenticated`. Or
#     grant the verb `get` on the `nonResourceURLs` `/version`, `/api`, `/api/*`, `/apis` and
#     `/apis/*` in the agent's ClusterRole.
package dfpolicy.requirements.rbac.api_discovery

import data.dfpolicy.lib.access
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in rbac.asked

_verdict(workload) := verdict if {
	verdict := access.unwatched(workload)
} else := rbac.refused if {
	rbac.refused
} else := result.pass("the cluster's default discovery role grants /version, /api and /apis") if {
	not rbac.defined("ClusterRole", "system:discovery")
	not rbac.defined("ClusterRoleBinding", "system:discovery")
} else := result.pass("/version, /api and /apis are granted") if {
	count(_hidden(workload)) == 0
} else := verdict if {
	verdict := rbac.unresolved(rbac.account(workload))
} else := rbac_changes.discovery(workload, result.violation(
	message.of("system:discovery is redefined, and get on {urls} is not granted", {"urls": message.whole(_hidden(workload))}),
	"get on /version, /api and /apis",
))

_hidden(workload) := [url | some url in ["/version", "/api", "/apis"]; not rbac.readable(rbac.account(workload), url)]
