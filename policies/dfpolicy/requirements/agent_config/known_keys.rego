# METADATA
# title: The agent knows every key of its configuration file
# description: >-
#   The agent ignores unknown keys without any message. With a misspelt key the default applies.
# custom:
#   id: DF-CFG-001
#   level: recommended
#   impact: [Agent configuration]
#   remediation: Correct the key in `deepflow-agent.yaml`, or remove it.
package dfpolicy.requirements.agent_config.known_keys

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.config_keys

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := result.violation("the ConfigMap has no key deepflow-agent.yaml", "known keys only") if {
	agent_config.lacking(workload)
} else := agent_config.unknown(workload) if {
	not agent_config.entries(workload)
} else := result.pass(message.counted(
	"{count} known key",
	"{count} known keys",
	{"count": count(agent_config.entries(workload))},
)) if {
	count(_strange(workload)) == 0
} else := result.violation(message.clauses(_strange(workload)), "known keys only")

_strange(workload) := [note |
	some entry in agent_config.entries(workload)
	not entry.key in config_keys.known
	note := message.of(
		"unknown key {key} (nearest known key: {nearest})",
		{"key": entry.key, "nearest": config_keys.nearest(entry.key)},
	)
]
