# METADATA
# title: The agent can update its own ConfigMap
# description: >-
#   A remote upgrade lets the agent write its DaemonSet (DF-RBAC-017) and its ConfigMap. The
#   chart's Role names a ConfigMap `deepflow-agent-config` that the chart does not create.
# custom:
#   id: DF-UPG-005
#   level: recommended
#   reads: [manifests]
#   impact: [Agent upgrade]
#   remediation: >-
#     Name the agent's ConfigMap in `resourceNames` of the Role `deepflow-agent-update`, with the
#     verbs `get`, `list`, `watch`, `update` and `patch`.
package dfpolicy.requirements.upgrade.own_config_map

import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.collectors

_verdict(workload) := agent_config.unknown(workload) if {
	agent_config.subject(workload).kind != "ConfigMap"
} else := result.pass($"get, list, patch, update and watch on the ConfigMap {_config_map(workload)} are granted") if {
	count(_unwritten(workload)) == 0
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
		$"the ConfigMap {_config_map(workload)} in its namespace",
	]),
	$"get, list, patch, update and watch on configmaps {_config_map(workload)}",
)

_config_map(workload) := agent_config.subject(workload).name

_unwritten(workload) := sort(_updating - rbac.on_object(
	rbac.account(workload),
	{"group": "", "resource": "configmaps", "name": _config_map(workload)},
	_updating,
))

_updating := {"get", "list", "watch", "update", "patch"}
