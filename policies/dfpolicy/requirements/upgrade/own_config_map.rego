# METADATA
# title: The agent can update its own ConfigMap
# description: >-
#   DeepFlow's documentation names these rights for remote upgrades. No agent uses them: a remote
#   upgrade changes only the DaemonSet (DF-RBAC-017), so nothing is lost without them.
# custom:
#   id: DF-UPG-005
#   met: the agent's account may get, list, watch, update and patch its own ConfigMap
#   related: [DF-RBAC-017]
#   level: informational
#   reads: [manifests]
#   impact: []
#   remediation: >-
#     Add the agent's ConfigMap to `resourceNames` of the Role `deepflow-agent-update`, with the verbs
#     `get`, `list`, `watch`, `update` and `patch`.
package dfpolicy.requirements.upgrade.own_config_map

import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.rbac
import data.dfpolicy.lib.rbac_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.managed_collectors

_verdict(workload) := agent_config.unknown(workload) if {
	agent_config.subject(workload).kind != "ConfigMap"
} else := result.pass(_right(workload)) if {
	count(_unwritten(workload)) == 0
} else := result.unknown(
	"the roles and bindings of the agent's namespace",
	$"kubectl get roles,rolebindings -n {result.word(workload.subject.namespace)} -o yaml",
) if {
	not rbac.stated
} else := verdict if {
	verdict := rbac.unresolved_in_namespace(rbac.account(workload))
} else := rbac_changes.writing(workload, _target(workload), sort(_updating), result.violation(
	message.of("{account} has no right to {verbs} the ConfigMap {name}", {
		"account": rbac.shown(rbac.account(workload)),
		"verbs": message.list(_unwritten(workload)),
		"name": _config_map(workload),
	}),
	_right(workload),
))

_target(workload) := {"group": "", "resource": "configmaps", "name": _config_map(workload)}

_right(workload) := message.of(
	"the right to get, list, patch, update and watch the ConfigMap {name}",
	{"name": _config_map(workload)},
)

_config_map(workload) := agent_config.subject(workload).name

_unwritten(workload) := sort(_updating - rbac.on_object(
	rbac.account(workload),
	_target(workload),
	_updating,
))

_updating := {"get", "list", "watch", "update", "patch"}
