# METADATA
# title: The agent can update its own DaemonSet
# description: >-
#   From v6.5, the agent writes the limits of its agent group into its own DaemonSet. A remote
#   upgrade writes the image. Without this access both fail.
# related_resources:
#   - description: DeepFlow chart, RBAC of the agent
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow-agent/templates/RBAC.yaml
# custom:
#   id: DF-RBAC-017
#   met: >-
#     the agent's account may get, patch and update its own DaemonSet, or the agent is older than
#     v6.5
#   related: [DF-CH-006, DF-RES-001]
#   level: recommended
#   impact: [Agent performance, Agent upgrade]
#   remediation: >-
#     In the agent's namespace, apply a Role for `daemonsets` of the API group `apps` with the
#     verbs `get`, `update` and `patch`. Set its `resourceNames` to the agent's DaemonSet. Bind it
#     to the agent's service account with a RoleBinding.
package dfpolicy.requirements.rbac.own_daemonset

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.managed_collectors

_verdict(workload) := result.pass(message.of(
	"agents before v6.5 do not update their DaemonSet (image {image})",
	{"image": workload.image},
)) if {
	agent.versioned(workload)
	not agent.at_least(workload, [6, 5])
} else := result.pass(message.of(
	"get, patch and update are granted on the DaemonSet {name}",
	{"name": workload.subject.name},
)) if {
	count(_unwritten(workload)) == 0
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.unknown(
	"the roles and bindings of the agent's namespace",
	$"kubectl get roles,rolebindings -n {result.word(workload.subject.namespace)} -o yaml",
) if {
	not rbac.stated
} else := verdict if {
	verdict := rbac.unresolved_in_namespace(rbac.account(workload))
} else := rbac_changes.writing(workload, _target(workload), sort(_writing), result.violation(
	message.of("{account} cannot {verbs} the DaemonSet {name} in its namespace", {
		"account": rbac.shown(rbac.account(workload)),
		"verbs": message.whole(_unwritten(workload)),
		"name": workload.subject.name,
	}),
	message.of("get, patch and update on the DaemonSet {name}", {"name": workload.subject.name}),
))

_unwritten(workload) := sort(_writing - rbac.on_object(
	rbac.account(workload),
	_target(workload),
	_writing,
))

_target(workload) := {"group": "apps", "resource": "daemonsets", "name": workload.subject.name}

_writing := {"get", "patch", "update"}
