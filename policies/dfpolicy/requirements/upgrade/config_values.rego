# METADATA
# title: The agent's configuration keeps its values
# description: >-
#   An upgrade that is not given the former values again (`-f values-custom.yaml`) goes back to
#   the chart's: the agent looks for a server `deepflow-server` and forgets its cluster and its
#   group.
# custom:
#   id: DF-UPG-006
#   level: recommended
#   impact: [Agent configuration, AutoTagging]
#   remediation: >-
#     Render the manifests with the values of the running release, which `helm get values` prints,
#     in a file given with `-f`.
package dfpolicy.requirements.upgrade.config_values

import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value
import data.dfpolicy.tables.config_defaults
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.unknown(
	"the configuration of the running agent",
	agent_config.unknown(running.counterpart(workload)).collect,
) if {
	not agent_config.lacking(running.counterpart(workload))
	not agent_config.entries(running.counterpart(workload))
} else := agent_config.unknown(workload) if {
	not agent_config.lacking(workload)
	not agent_config.entries(workload)
} else := result.pass("the running configuration holds no value that is lost") if {
	count(_lost(workload)) == 0
} else := result.at("required", result.losing(
	["Server connection", "All features"],
	result.violation(concat("; ", _lost(workload)), _values_asked),
)) if {
	"controller-ips" in _lost_keys(workload)
} else := result.violation(concat("; ", _lost(workload)), _values_asked)

_values_asked := "the values of the running configuration, or others in their place"

_lost(workload) := [$"{key} {concat(", ", [value.plain(item) | some item in _given(old, key)])} is lost" |
	some key in _lost_keys(workload)
	old := running.counterpart(workload)
]

_lost_keys(workload) := sort({entry.key |
	old := running.counterpart(workload)
	some entry in _entries(old)
	count(_given(old, entry.key)) > 0
	count(_given(workload, entry.key)) == 0
})

_entries(workload) := agent_config.entries(workload) if {
	agent_config.entries(workload)
} else := []

# What stands for a decision of the user: no placeholder, and not what the chart has anyway.
_given(workload, key) := [item |
	some entry in _entries(workload)
	entry.key == key
	some item in agent_config.listed(entry.value)
	_decided(key, item)
]

_decided(_, item) if is_object(item)

_decided(key, item) if {
	is_string(item)
	not placeholders.found(item)
	not item in object.get(config_defaults.values, key, set())
}
