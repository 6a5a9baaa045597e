# METADATA
# title: Custom limits stay in effect after the upgrade
# description: >-
#   Charts from 7.1.001 have no `resources` and ignore those in your values without a warning. From
#   v6.5, the agent group limits the agent instead, by default to 1 CPU and 768 MB.
# custom:
#   id: DF-UPG-009
#   met: the running agent has no limits of its own, or the agent group's configuration sets them
#   level: recommended
#   impact: [Agent configuration, Agent performance]
#   remediation: >-
#     Set `global.limits.max_millicpus` and `global.limits.max_memory` in the agent group's
#     configuration to the former limits. Before v6.6, the keys are `max_millicpus`, `max_cpus` and
#     `max_memory`.
package dfpolicy.requirements.upgrade.own_limits

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in running.managed_collectors

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("no custom limit of the running agent is lost") if {
	count(_lost_limits(workload)) == 0
} else := agent.version_unknown(running.counterpart(workload)) if {
	not agent.versioned(running.counterpart(workload))
} else := result.pass("the running agent gets its limits from its agent group") if {
	agent.at_least(running.counterpart(workload), [6, 5])
} else := result.violation(
	message.clauses(_lost_limits(workload)),
	"limits in the agent group's configuration",
)

_lost_limits(workload) := [message.of("limits.{name} is lost ({value})", {"name": name, "value": value.plain(quantity)}) |
	some [name, defaults] in [["cpu", {"1", "1000m"}], ["memory", {"768Mi", "768M", "805306368"}]]
	path := ["resources", "limits", name]
	quantity := value.at(running.counterpart(workload).container, path, null)
	quantity != null
	not value.plain(quantity) in defaults
	value.at(workload.container, path, null) == null
]
