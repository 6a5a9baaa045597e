# METADATA
# title: Keys of the agent group's configuration
# description: >-
#   Where an agent group's configuration has a setting. Agents from v6.6.6 on read paths; earlier
#   agents read flat names. Neither reads the other's.
package dfpolicy.tables.group_keys

import data.dfpolicy.lib.image

# METADATA
# title: Paths
# description: The path of each setting, for agents from v6.6.6 on.
paths := {
	"api_resources": ["inputs", "resources", "kubernetes", "api_resources"],
	"capture_mode": ["inputs", "cbpf", "common", "capture_mode"],
	"fentry_enabled": ["inputs", "ebpf", "socket", "tunning", "fentry_enabled"],
	"ingester_ip": ["global", "communication", "ingester_ip"],
	"ingester_port": ["global", "communication", "ingester_port"],
	"inner_interface_capture_enabled": ["inputs", "cbpf", "af_packet", "inner_interface_capture_enabled"],
	"inner_interface_regex": ["inputs", "cbpf", "af_packet", "inner_interface_regex"],
	"integration_enabled": ["inputs", "integration", "enabled"],
	"integration_port": ["inputs", "integration", "listen_port"],
	"interface_regex": ["inputs", "cbpf", "af_packet", "interface_regex"],
	"process_matcher": ["inputs", "proc", "process_matcher"],
	"proxy_controller_ip": ["global", "communication", "proxy_controller_ip"],
	"proxy_controller_port": ["global", "communication", "proxy_controller_port"],
	"request_via_nat_ip": ["global", "communication", "request_via_nat_ip"],
	"ring_blocks": ["inputs", "cbpf", "af_packet", "tunning", "ring_blocks"],
	"ring_blocks_enabled": ["inputs", "cbpf", "af_packet", "tunning", "ring_blocks_enabled"],
	"workload_resource_sync_enabled": ["inputs", "resources", "workload_resource_sync_enabled"],
}

# METADATA
# title: Former names
# description: Where agents before v6.6.6 find the setting. Settings without an entry are later ones.
former := {
	"api_resources": ["static_config", "kubernetes-resources"],
	"capture_mode": ["tap_mode"],
	"extra_netns_regex": ["extra_netns_regex"],
	"ingester_ip": ["analyzer_ip"],
	"ingester_port": ["analyzer_port"],
	"integration_enabled": ["external_agent_http_proxy_enabled"],
	"integration_port": ["external_agent_http_proxy_port"],
	"interface_regex": ["tap_interface_regex"],
	"proxy_controller_ip": ["proxy_controller_ip"],
	"proxy_controller_port": ["proxy_controller_port"],
	"request_via_nat_ip": ["nat_ip_enabled"],
	"ring_blocks": ["static_config", "afpacket-blocks"],
	"ring_blocks_enabled": ["static_config", "afpacket-blocks-enabled"],
}

# METADATA
# title: Sections
# description: The keys at the top of a configuration for agents from v6.6.6 on.
sections := {"global", "inputs", "processors", "outputs", "plugins", "dev"}

# METADATA
# title: Settings of the server
# description: The settings that the server reads for an agent of any version.
of_server := {"workload_resource_sync_enabled"}

# METADATA
# title: First releases
# description: For settings later than v6.6.6, the first release of each line that has them.
since := {
	"fentry_enabled": [[6, 6, 10], [7, 0, 10], [7, 1, 1]],
	"inner_interface_capture_enabled": [[6, 6, 9, 2504], [7, 0, 3], [7, 1, 0]],
	"inner_interface_regex": [[6, 6, 9, 2504], [7, 0, 3], [7, 1, 0]],
}

# METADATA
# scope: document
# title: Supported setting
# description: >-
#   True unless agents of this version are too old for the setting. True for an unknown version.
supported(name, _) if not since[name]

supported(_, null)

supported(name, version) if {
	some first in since[name]
	array.slice(first, 0, 2) == array.slice(version, 0, 2)
	image.up_to(first, version)
}

supported(_, version) if array.slice(version, 0, 2) > [7, 1]
