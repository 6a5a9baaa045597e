# METADATA
# title: The agent's group configuration
# description: >-
#   Finds the AgentGroupConfig that an agent gets from the server, and reads its settings.
#   From v6.6.6 on each setting has a path; before, settings have flat names.
package dfpolicy.lib.agent_group

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.group_keys
import data.dfpolicy.tables.placeholders

# METADATA
# title: Requested group
# description: >-
#   The value of `vtap-group-id-request`; undefined when it is not set or a placeholder, with
#   which an agent silently joins the default group.
requested(workload) := groups[0] if {
	groups := [group | some group in _requests(workload); not placeholders.found(group)]
	count(groups) > 0
}

# METADATA
# scope: document
# title: The group is a placeholder
# description: True when the agent requests a group ID that is a placeholder.
exemplary(workload) if {
	count(_requests(workload)) > 0
	not requested(workload)
}

_requests(workload) := [group |
	not agent.standalone(workload)
	some group in agent_config.values(workload, "vtap-group-id-request")
	is_string(group)
]

# METADATA
# title: Configuration of the group
# description: >-
#   The AgentGroupConfig of the agent's group: the one with the group's ID, else the only one
#   of the input when it has no ID. Undefined when it is not in the input.
configuration(workload) := value.object_at(document(workload), "spec")

# METADATA
# title: Document of the group
# description: The same as a document with its name.
document(workload) := found[0] if {
	not agent.standalone(workload)
	group := requested(workload)
	found := [resource | some resource in _configurations; group in _ids(resource)]
	count(found) == 1
} else := _configurations[0] if {
	not agent.standalone(workload)
	count(_configurations) == 1
	value.at(_configurations[0], ["spec", "vtap_group_id"], null) == null
}

_configurations := [resource |
	some resource in settings.resources
	resource.kind == "AgentGroupConfig"
	resource.apiVersion == "dfpolicy.dev/v1"
]

_ids(resource) := {value.at(resource, ["spec", "vtap_group_id"], null), resource.metadata.name}

# METADATA
# title: The configuration as a missing fact
# description: >-
#   The verdict when the group's configuration decides and is not in the input. The keys are a
#   string, or a message for several of them.
unknown(keys) := result.unknown(
	message.of("the agent group's configuration ({keys})", {"keys": keys}),
	"deepflow-ctl agent-group-config list -o yaml",
)

# METADATA
# title: Open question about settings
# description: >-
#   The unknown verdict when the group's configuration is not in the input, or the agent is standalone
#   and reads these settings from its own file. Also when it depends on
#   the agent's version whether the configuration sets these settings, and the version is unknown.
doubt(workload, names) := result.unknown(
	message.of("the standalone agent's own configuration ({keys})", {"keys": concat(", ", names)}),
	agent_config.unknown(workload).collect,
) if {
	agent.standalone(workload)
} else := unknown(concat(", ", names)) if {
	not configuration(workload)
} else := agent.version_unknown(workload) if {
	not agent.versioned(workload)
	some name in names
	_by_path(workload, name) != _by_former(workload, name)
}

# METADATA
# title: Setting
# description: >-
#   The value of a setting, as an agent of this version reads it; null when it is not set, or the
#   version ignores it. For an unknown version the current name counts before the former one.
setting(workload, name) := _by_path(workload, name) if {
	agent.recent(workload)
} else := _by_path(workload, name) if {
	group_keys.of_server[name]
} else := _by_former(workload, name) if {
	agent.former(workload)
} else := found[0] if {
	found := [given | some given in [_by_path(workload, name), _by_former(workload, name)]; given != null]
	count(found) > 0
} else := null

_by_path(workload, name) := value.at(configuration(workload), group_keys.paths[name], null) if {
	group_keys.supported(name, workload.version)
} else := null

_by_former(workload, name) := value.at(configuration(workload), group_keys.former[name], null)

_by_former(_, name) := null if not group_keys.former[name]

# METADATA
# title: Effective interface expression
# description: >-
#   The expression that selects interfaces: the group's, or the default, which also applies
#   when the group's configuration is not in the input.
interface_regex(workload) := given if {
	given := setting(workload, "interface_regex")
	given != null
} else := `^(tap.*|cali.*|veth.*|eth.*|en[osipx].*|lxc.*|lo|[0-9a-f]+_h)$`

# METADATA
# scope: document
# title: Malformed expression
# description: True for an invalid regular expression; the agent then rejects its whole configuration.
malformed(expression) if not is_string(expression)

malformed(expression) if not regex.is_valid(expression)

# METADATA
# title: Captured interfaces
# description: The names that the expression matches; none for a malformed one.
captured(expression, names) := {name |
	is_string(expression)
	some name in names
	regex.match(expression, name)
}

# METADATA
# title: Integration port
# description: The port on which the agent receives integration data; the default, unless the agent's group sets another one.
integration_port(workload) := port if {
	port := setting(workload, "integration_port")
	is_number(port)
} else := 38086
