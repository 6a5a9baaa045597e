# METADATA
# title: The agent can update its own DaemonSet
# description: >-
#   From v6.5 on the agent writes the limits of its agent group into its own DaemonSet, and a
#   remote upgrade writes the image. Without this access both fail.
# custom:
#   id: DF-RBAC-017
#   level: recommended
#   impact: [Agent performance, Agent upgrade]
#   remediation: >-
#     Apply a Role in the agent's namespace with `daemonsets` of the API group `apps`,
#     `resourceNames` of the agent's DaemonSet and the verbs `get`, `update` and `patch`, and a
#     RoleBinding of it to the agent's service account.
#   source: CHART
package dfpolicy.requirements.rbac.own_daemonset

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := result.pass($"agents before v6.5 leave their DaemonSet alone ({workload.image})") if {
	agent.versioned(workload)
	not agent.at_least(workload, [6, 5])
} else := result.pass($"get, patch and update on the DaemonSet {workload.subject.name} are granted") if {
	count(_unwritten(workload)) == 0
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.unknown(
	"the roles and bindings of the agent's namespace",
	$"kubectl get roles,rolebindings -n {workload.subject.namespace} -o yaml",
) if {
	not rbac.stated
} else := verdict if {
	verdict := rbac.unresolved_in_namespace(rbac.account(workload))
} else := result.violation(
	concat(" ", [
		$"{rbac.shown(rbac.account(workload))} may not {concat(", ", _unwritten(workload))}",
		$"the DaemonSet {workload.subject.name} in its namespace",
	]),
	$"get, patch and update on daemonsets.apps {workload.subject.name}",
)

_unwritten(workload) := sort(_writing - rbac.on_object(
	rbac.account(workload),
	{"group": "apps", "resource": "daemonsets", "name": workload.subject.name},
	_writing,
))

_writing := {"get", "patch", "update"}
