# METADATA
# title: Changes of the server
# description: Verdicts with a change of the server's own file, in its ConfigMap or as a file.
package dfpolicy.lib.server_changes

import data.dfpolicy.lib.address
import data.dfpolicy.lib.change
import data.dfpolicy.lib.compose_server
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

# METADATA
# title: Type of unknown agents
# description: After the change, the server treats unknown agents as type 3, agents of hosts.
unknown_agents(verdict) := result.fixed_by(
	change.manifests("unknown-agents", [operation |
		some document in deepflow_server.configurations
		some spelling in ["unkonw", "unknow", "unknown"]
		place := ["controller", "trisolaris", $"trident-type-for-{spelling}-vtap"]
		value.at(document, array.concat(["spec"], place), null) != null
		operation := _set(document, place, 3)
	]),
	verdict,
) if {
	result.fixable(verdict)
} else := verdict

# A document from a ConfigMap has its name and namespace.
_set(document, place, to) := change.inside(place, change.set(
	{"apiVersion": "v1", "kind": "ConfigMap", "namespace": document.metadata.namespace, "name": document.metadata.name},
	["data", "server.yaml"],
	to,
)) if {
	document.metadata.namespace
} else := change.set(deepflow_server.subject(document), array.concat(["spec"], place), to)

# METADATA
# title: Local ranges
# description: >-
#   After the change, the server's file has a range for each of these addresses, beside the ranges in
#   force.
local_ranges(addresses, verdict) := result.fixed_by(
	change.manifests("local-ranges", [operation |
		some document in deepflow_server.configurations
		operation := _set(document, ["controller", "genesis", "local_ip_ranges"], array.concat(deepflow_server.ranges, _narrow(addresses)))
	]),
	verdict,
) if {
	result.fixable(verdict)
	not deepflow_server.reads_domains
	count(deepflow_server.configurations) > 0
} else := verdict

_narrow(addresses) := [range | some given in addresses; range := concat("/", [given, _widths[address.family(given)]])]

_widths := {"IPv4": "32", "IPv6": "128"}

# METADATA
# title: Server in Docker Compose
# description: >-
#   After the change, the server of the project has the address of the answer in place of each
#   placeholder, and publishes these ports.
composed(project, ports, verdict) := result.fixed_by(_composed(project, _addresses(project), ports), verdict) if {
	result.fixable(verdict)
	count(array.concat(_addresses(project), ports)) > 0
} else := verdict

_composed(project, [], ports) := change.manifests("server-ports", _publishing(project, ports))

_composed(project, places, ports) := change.asking(
	{"key": "server-address", "text": message.text("Address at which the agents reach the server"), "type": "address"},
	change.manifests("server-address", array.concat(
		[change.answered(deepflow_server.subject(project), place, "server-address") | some place in places],
		_publishing(project, ports),
	)),
) if {
	count(places) > 0
}

_addresses(project) := [["spec", "services", name, "environment", variable] |
	some name, service in compose_server.by_name(project)
	some variable, given in value.object_at(service, "environment")
	compose_server.names_address(variable)
	placeholders.found(given)
	not contains(given, "$")
]

_publishing(project, ports) := [change.add(
	deepflow_server.subject(project),
	["spec", "services", sort(object.keys(compose_server.by_name(project)))[0], "ports"],
	concat(":2", [port, substring(port, 1, -1)]),
) |
	some port in ports
]
