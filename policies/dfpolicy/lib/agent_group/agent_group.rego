# METADATA
# title: The agent's group configuration
# description: >-
#   Finds the AgentGroupConfig that an agent gets from the server, and reads its settings.
#   From v6.6 on each setting has a path; before, settings have flat names.
package dfpolicy.lib.agent_group

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
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
	some group in agent_config.values(workload, "vtap-group-id-request")
	is_string(group)
]

# METADATA
# title: Configuration of the group
# description: >-
#   The AgentGroupConfig of the agent's group: the one with the group's ID, else the only one
#   of the input when it has no ID. Undefined when it is not in the input.
configuration(workload) := value.object_at(found[0], ["spec"]) if {
	group := requested(workload)
	found := [resource | some resource in _configurations; group in _ids(resource)]
	count(found) == 1
} else := value.object_at(_configurations[0], ["spec"]) if {
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
# title: Setting
# description: >-
#   The value of a setting, under its current or its former name; null when it is not set.
#   An agent before v6.6 knows only the former names.
setting(workload, name) := found[0] if {
	found := [given |
		some path in _paths(workload, name)
		given := value.at(configuration(workload), path, null)
		given != null
	]
	count(found) > 0
} else := null

_paths(workload, name) := array.concat(_current(workload, name), object.get(_former, name, []))

_current(workload, name) := [_names[name]] if {
	not _former_only(workload)
} else := []

_former_only(workload) if {
	agent.versioned(workload)
	not agent.at_least(workload, [6, 6])
}

_names := {
	"capture_mode": ["inputs", "cbpf", "common", "capture_mode"],
	"fentry_enabled": ["inputs", "ebpf", "socket", "tunning", "fentry_enabled"],
	"ingester_ip": ["global", "communication", "ingester_ip"],
	"ingester_port": ["global", "communication", "ingester_port"],
	"integration_enabled": ["inputs", "integration", "enabled"],
	"integration_port": ["inputs", "integration", "listen_port"],
	"interface_regex": ["inputs", "cbpf", "af_packet", "interface_regex"],
	"inner_interface_capture_enabled": ["inputs", "cbpf", "af_packet", "inner_interface_capture_enabled"],
	"inner_interface_regex": ["inputs", "cbpf", "af_packet", "inner_interface_regex"],
	"proxy_controller_ip": ["global", "communication", "proxy_controller_ip"],
	"proxy_controller_port": ["global", "communication", "proxy_controller_port"],
	"request_via_nat_ip": ["global", "communication", "request_via_nat_ip"],
	"ring_blocks": ["inputs", "cbpf", "af_packet", "tunning", "ring_blocks"],
	"ring_blocks_enabled": ["inputs", "cbpf", "af_packet", "tunning", "ring_blocks_enabled"],
	"workload_resource_sync_enabled": ["inputs", "resources", "workload_resource_sync_enabled"],
}

_former := {
	"capture_mode": [["tap_mode"]],
	"ingester_ip": [["analyzer_ip"]],
	"ingester_port": [["analyzer_port"]],
	"integration_enabled": [["external_agent_http_proxy_enabled"]],
	"integration_port": [["external_agent_http_proxy_port"]],
	"interface_regex": [["tap_interface_regex"]],
	"proxy_controller_ip": [["proxy_controller_ip"]],
	"proxy_controller_port": [["proxy_controller_port"]],
	"request_via_nat_ip": [["nat_ip_enabled"]],
}

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
