# METADATA
# title: The agent knows every key of its configuration file
# description: >-
#   The agent ignores unknown keys without any message. With a misspelt key, or one of a later
#   release, the default applies.
# custom:
#   id: DF-CFG-001
#   level: recommended
#   impact: [Agent configuration]
#   remediation: Correct the key in `deepflow-agent.yaml`, or remove it.
package dfpolicy.requirements.agent_config.known_keys

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.config_keys

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := result.violation(agent_file.missing(workload), "known keys only") if {
	agent_file.missing(workload)
} else := agent_config.unknown(workload) if {
	not agent_config.entries(workload)
} else := result.pass(message.counted(
	"{count} known key",
	"{count} known keys",
	{"count": count(agent_config.entries(workload))},
)) if {
	count(_strange(workload)) == 0
} else := result.violation(message.clauses(_strange(workload)), "known keys only")

_strange(workload) := [_note(entry.key) |
	some entry in agent_config.entries(workload)
	not _known(workload, entry.key)
]

_known(workload, key) if {
	config_keys.keys[key]
	not _later(workload, key)
}

_later(workload, key) if {
	agent.versioned(workload)
	not agent.at_least(workload, config_keys.keys[key].since)
}

_note(key) := message.of("unknown key {key}", {"key": key}) if {
	not config_keys.keys[key]
	not config_keys.nearest(key)
} else := message.of("unknown key {key} (nearest known key: {nearest})", {"key": key, "nearest": config_keys.nearest(key)}) if {
	not config_keys.keys[key]
} else := message.of("unknown key {key} (only from agent v{release} on)", {
	"key": key,
	"release": image.version_text(config_keys.keys[key].since),
})
