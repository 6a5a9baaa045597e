# METADATA
# title: The pod's limits are left to the agent group's configuration
# description: >-
#   From v6.5 on the agent writes the limits of its agent group (by default 1 CPU and 768 MB) over
#   those of its DaemonSet, so other limits in the manifest do not last.
# custom:
#   id: DF-RES-001
#   level: recommended
#   impact: [Agent configuration, Agent performance]
#   remediation: >-
#     Leave `resources.limits` out, and set `global.limits.max_millicpus` and
#     `global.limits.max_memory` in the agent group's configuration; before v6.6 these are
#     `max_millicpus`, `max_cpus` and `max_memory`.
#   zh:
#     title: Pod 的资源限制交由采集器组配置管理
#     description: >-
#       自 v6.5 起，Agent 会用采集器组的资源限制（默认为 1 核 CPU 和 768 MB）覆盖其
#       DaemonSet 的资源限制，因此在清单中设置的其他限制无法保留。
#     remediation: >-
#       不设置 `resources.limits`，改为在采集器组配置中设置
#       `global.limits.max_millicpus` 和
#       `global.limits.max_memory`；v6.6 之前的版本为
#       `max_millicpus`、`max_cpus` 和 `max_memory`。
package dfpolicy.requirements.resources.pod_limits

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.collectors

_verdict(workload) := result.pass("the manifest sets no limits of its own") if {
	count(_own(workload)) == 0
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.pass($"agents before v6.5 leave limits alone ({workload.image})") if {
	not agent.at_least(workload, [6, 5])
} else := result.violation(concat(", ", _own(workload)), "no limits, or those of the agent group")

_own(workload) := [$"limits.{row.resource} is {value.shown(row.quantity)}" |
	some [resource, defaults] in [
		["cpu", {"1", "1000m"}],
		["memory", {"768Mi", "768M", "805306368"}],
	]
	row := {
		"resource": resource,
		"quantity": value.at(workload.container, ["resources", "limits", resource], null),
	}
	row.quantity != null
	not value.plain(row.quantity) in defaults
]
