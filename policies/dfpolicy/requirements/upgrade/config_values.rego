# METADATA
# title: The agent's configuration keeps its values
# description: >-
#   Without your former values (`-f values-custom.yaml`), an upgrade returns to the chart's defaults.
#   The agent then connects to `deepflow-server` and loses its cluster and its group.
# custom:
#   id: DF-UPG-006
#   met: each value of the running configuration stays, or another one replaces it
#   level: recommended
#   impact: [Agent configuration, AutoTagging]
#   remediation: >-
#     Save the values of the running release with `helm get values`, and render the manifests with
#     this file (`-f`).
package dfpolicy.requirements.upgrade.config_values

import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value
import data.dfpolicy.tables.config_defaults
import data.dfpolicy.tables.config_keys
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.managed

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
} else := result.pass("no value of the running configuration is lost") if {
	count(_lost(workload)) == 0
} else := result.at("required", result.losing(
	["Server connection", "All features"],
	_losing(workload),
)) if {
	"controller-ips" in _lost_keys(workload)
} else := _losing(workload)

_losing(workload) := file_changes.given(
	workload,
	{key: values |
		some key in _lost_keys(workload)
		values := _restored(key, _given(running.counterpart(workload), key))
	},
	result.violation(message.clauses(_lost(workload)), _expected),
)

_restored(key, values) := values if {
	config_keys.keys[key].type == "list"
} else := values[0]

_expected := message.text("the values of the running configuration, or others in their place")

_lost(workload) := [message.of("{key} is lost ({values})", {"key": key, "values": message.list(values)}) |
	some key in _lost_keys(workload)
	values := [value.plain(item) | some item in _given(running.counterpart(workload), key)]
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

# The values that the user chose: neither placeholders nor the chart's defaults.
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
