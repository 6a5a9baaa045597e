# METADATA
# title: Limits of its own outlast the upgrade
# description: >-
#   Charts from 7.1.001 on have no `resources` any more, and drop those of the values without a
#   word. An agent from v6.5 on is limited by its agent group instead, by default to 1 CPU and 768
#   MB.
# custom:
#   id: DF-UPG-009
#   level: recommended
#   impact: [Agent configuration, Agent performance]
#   remediation: >-
#     Set `global.limits.max_millicpus` and `global.limits.max_memory` in the agent group's
#     configuration to the former limits; before v6.6 these are `max_millicpus`, `max_cpus` and
#     `max_memory`.
#   source: CHART
package dfpolicy.requirements.upgrade.own_limits

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in running.collectors

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("the running agent has no limits that are lost") if {
	count(_lost_limits(workload)) == 0
} else := agent.version_unknown(running.counterpart(workload)) if {
	not agent.versioned(running.counterpart(workload))
} else := result.pass("the running agent takes its limits from its agent group") if {
	agent.at_least(running.counterpart(workload), [6, 5])
} else := result.violation(
	concat(", ", _lost_limits(workload)),
	"limits in the agent group's configuration",
)

_lost_limits(workload) := [$"limits.{row[0]} {value.plain(quantity)} is lost" |
	some row in [
		["cpu", {"1", "1000m"}],
		["memory", {"768Mi", "768M", "805306368"}],
	]
	path := ["resources", "limits", row[0]]
	quantity := value.at(running.counterpart(workload).container, path, null)
	quantity != null
	not value.plain(quantity) in row[1]
	value.at(workload.container, path, null) == null
]
