# METADATA
# title: Server in Docker Compose
# description: The server's services of a Compose project, its addresses and its published ports.
package dfpolicy.lib.compose_server

import data.dfpolicy.lib.image
import data.dfpolicy.lib.value

_all_services(project) := [service |
	some name in sort(object.keys(value.object_at(project, ["spec", "services"])))
	service := value.object_at(project, ["spec", "services", name])
]

# METADATA
# title: Services
# description: The services of the project with the server's image.
services(project) := [service |
	some service in _all_services(project)
	image.of_component(value.string_at(service, "image"), "deepflow-server")
]

# METADATA
# title: Services by name
# description: The same services by their names.
by_name(project) := {name: service |
	some name, service in value.object_at(project, ["spec", "services"])
	image.of_component(value.string_at(service, "image"), "deepflow-server")
}

_address_names := {"NODE_IP_FOR_DEEPFLOW", "K8S_NODE_IP_FOR_DEEPFLOW"}

# METADATA
# title: Variable of an address
# description: True for a variable of the server that has its address.
names_address(name) if _address_names[name]

# METADATA
# title: Addresses
# description: The addresses in the environment of the server.
addresses(project) := array.flatten([
	[value.plain(given) |
		some service in services(project)
		some name, given in value.object_at(service, "environment")
		_address_names[name]
		given != null
	],
	[substring(entry, indexof(entry, "=") + 1, -1) |
		some service in services(project)
		some entry in value.strings_at(service, "environment")
		_address_names[split(entry, "=")[0]]
		contains(entry, "=")
	],
])

# METADATA
# title: Environment files
# description: One entry for each of the server's services that reads variables from a file.
environment_files(project) := [1 |
	some service in services(project)
	value.at(service, "env_file", null) != null
]

# METADATA
# title: Ports with variables
# description: The published ports of the project that contain a variable.
variable_ports(project) := [entry |
	some service in _all_services(project)
	some entry in value.at(service, "ports", [])
	contains(value.plain(_published(entry)), "$")
]

# METADATA
# title: Unpublished ports
# description: The ports that the project does not publish, as strings.
unpublished(project, wanted) := [format_int(port, 10) |
	not _on_host_network(project)
	some port in wanted
	every entry in _entries(project) {
		not _publishes(entry, port)
	}
]

_on_host_network(project) if {
	some service in services(project)
	value.at(service, "network_mode", "") == "host"
}

_entries(project) := [entry |
	some service in _all_services(project)
	some entry in value.at(service, "ports", [])
]

# The short form with host and container port; the long form has a key for the host port.
_published(entry) := value.at(entry, "published", "") if {
	is_object(entry)
} else := entry if {
	is_string(entry)
} else := ""

_publishes(entry, port) if {
	is_string(entry)
	some match in regex.find_all_string_submatch_n(`^(?:[0-9a-fA-F.:\[\]]+:)?([0-9]{1,5})(?:-([0-9]{1,5}))?:[0-9]+(?:-[0-9]+)?(?:/tcp)?$`, entry, 1)
	_within(port, match[1], match[2])
}

_publishes(entry, port) if {
	is_object(entry)
	value.at(entry, "protocol", "tcp") == "tcp"
	some match in regex.find_all_string_submatch_n(`^([0-9]{1,5})(?:-([0-9]{1,5}))?$`, value.plain(value.at(entry, "published", "")), 1)
	_within(port, match[1], match[2])
}

_within(port, first, "") if port == value.whole(first)

_within(port, first, last) if {
	last != ""
	port >= value.whole(first)
	port <= value.whole(last)
}
