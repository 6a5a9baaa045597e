# METADATA
# title: The agent can use its group's configuration
# description: >-
#   Agents from v6.6.6 on find settings by path, earlier agents by flat names, and each ignores the
#   other's without any message. With an invalid regular expression in some settings, the agent
#   refuses the whole configuration.
# custom:
#   id: DF-CFG-003
#   met: >-
#     the group's configuration has keys that the agent's release reads, and valid regular
#     expressions
#   conditional: true
#   level: recommended
#   impact: [Agent configuration]
#   remediation: >-
#     Write the configuration with the keys that `deepflow-ctl agent-group-config example` prints for
#     the agent's release, and with valid regular expressions.
package dfpolicy.requirements.agent_config.group_configuration

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_group
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.group_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.group_keys

# Without a configuration in the input, the requirements that need one of its settings report that.
results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, _keys(spec))) if {
	some workload in agent.managed
	spec := agent_group.configuration(workload)
}

_verdict(workload, keys) := result.pass("the group's configuration sets nothing") if {
	count(keys) == 0
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.at("required", result.losing(
	["Agent configuration", "All features"],
	result.remedied(
		"Correct the regular expressions that the finding names, in the agent group's configuration.",
		result.violation(message.clauses(_invalid(workload)), "valid regular expressions"),
	),
)) if {
	count(_invalid(workload)) > 0
} else := group_changes.renamed(workload, result.violation(
	message.of("agent {version} ignores {keys}", {"version": agent.shown_version(workload), "keys": message.list(_ignored(workload, keys))}),
	"keys that agents of this release read",
)) if {
	count(_ignored(workload, keys)) > 0
} else := result.pass(message.counted("the agent reads {count} key", "the agent reads {count} keys", {"count": count(keys)}))

# The ID names the group; it is not a setting.
_keys(spec) := sort([key | some key, _ in spec; key != "vtap_group_id"])

_ignored(workload, keys) := [key | some key in keys; not group_keys.sections[key]] if {
	agent.recent(workload)
} else := [key | some key in keys; group_keys.sections[key]]

# The expressions that an agent checks when it decodes the configuration.
_invalid(workload) := [finding |
	some matcher in agent_group.setting(workload, "process_matcher")
	some finding in capture.malformed(matcher.match_regex, "match_regex")
] if {
	agent.recent(workload)
} else := [finding |
	some name in ["interface_regex", "extra_netns_regex"]
	expression := agent_group.setting(workload, name)
	expression != null
	some finding in capture.malformed(expression, concat(".", group_keys.former[name]))
]
