# METADATA
# title: The agent group's configuration sets the pod's limits
# description: >-
#   From v6.5, the agent overwrites the limits of its DaemonSet with those of its agent group (by
#   default 1 CPU and 768 MB). Other limits in the manifest do not last.
# custom:
#   id: DF-RES-001
#   level: recommended
#   impact: [Agent configuration, Agent performance]
#   remediation: >-
#     Remove `resources.limits`. Set `global.limits.max_millicpus` and `global.limits.max_memory`
#     in the agent group's configuration. Before v6.6, use `max_millicpus`, `max_cpus` and
#     `max_memory`.
package dfpolicy.requirements.resources.pod_limits

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.managed_collectors

_verdict(workload) := result.pass("the manifest sets no limits other than the defaults") if {
	count(_own(workload)) == 0
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.pass(message.of("agents before v6.5 keep the limits of the manifest (image {image})", {"image": workload.image})) if {
	not agent.at_least(workload, [6, 5])
} else := agent_changes.without_container_field(
	workload,
	{"cause": "own-limits", "path": ["resources", "limits"]},
	result.violation(message.whole(_own(workload)), "no limits, or the defaults of the agent group"),
)

_own(workload) := [message.of("limits.{resource} is {quantity}", {"resource": row.resource, "quantity": value.shown(row.quantity)}) |
	some [resource, defaults] in [
		["cpu", {"1", "1000m"}],
		["memory", {"768Mi", "768M", "805306368"}],
	]
	row := {"resource": resource, "quantity": value.at(workload.container, ["resources", "limits", resource], null)}
	row.quantity != null
	not value.plain(row.quantity) in defaults
]
