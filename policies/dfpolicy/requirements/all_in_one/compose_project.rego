# METADATA
# title: The Compose project sets the server's address and publishes its ports
# description: >-
#   The server sends agents the address that you set in Docker Compose. It cannot detect another
#   one. Agents use ports 30033 and 30035, deepflow-ctl uses 30417.
# custom:
#   id: DF-AIO-005
#   met: >-
#     the project sets a real server address and an image version, and publishes the server's ports
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `NODE_IP_FOR_DEEPFLOW` and `DEEPFLOW_VERSION` in the project's `.env`. Publish the ports
#     20416, 20418, 20419, 30417, 30035, 30033 and 3000.
package dfpolicy.requirements.all_in_one.compose_project

import data.dfpolicy.lib.compose_server
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_changes
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), _project_subject(project), _verdict(project)) if some project in server.projects_asked

# Without a project, one entry represents the cluster.
_project_subject(project) := {
	"apiVersion": value.string_at(project, "apiVersion"),
	"kind": "ComposeProject",
	"name": value.string_at(project, ["metadata", "name"]),
} if {
	project.spec
} else := {"kind": "Cluster", "name": "*"}

_verdict(project) := result.pass("the server runs in Kubernetes") if {
	not project.spec
	count(server.workloads) > 0
} else := server.missing if {
	not project.spec
} else := server_changes.composed(project, compose_server.unpublished(project, _agent_ports), result.violation(
	message.clauses(_faults(project)),
	"a real server address, an image version, and published ports 30033 and 30035",
)) if {
	count(_faults(project)) > 0
} else := result.unknown(message.whole(_open(project)), "docker compose config") if {
	count(_open(project)) > 0
} else := result.at("recommended", result.violation(
	_unpublished(compose_server.unpublished(project, _other_ports)),
	"published ports 20416, 20418, 20419, 30417 and 3000",
)) if {
	count(compose_server.unpublished(project, _other_ports)) > 0
} else := result.pass(message.of(
	"the server's address is {address} and its ports are published",
	{"address": compose_server.addresses(project)[0]},
))

_unpublished(ports) := message.of("ports not published: {ports}", {"ports": message.list(ports)})

_agent_ports := [30033, 30035]

_other_ports := [20416, 20418, 20419, 30417, 3000]

_faults(project) := array.flatten([
	[message.text("the server has no address") |
		count(compose_server.addresses(project)) == 0
		count(compose_server.environment_files(project)) == 0
	],
	[message.of("the server's address {address} is empty, a placeholder, or an example from the documentation", {"address": value.shown(address)}) |
		some address in compose_server.addresses(project)
		placeholders.found(address)
		not _variable(address)
	],
	[message.text("the server's image has an empty tag") |
		some service in compose_server.services(project)
		endswith(value.string_at(service, "image"), ":")
	],
	[_unpublished(ports) |
		ports := compose_server.unpublished(project, _agent_ports)
		count(ports) > 0
		count(compose_server.variable_ports(project)) == 0
	],
])

# Compose substitutes variables; the file alone does not show their values.
_variable(text) if regex.match(`\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_])`, text)

_open(project) := array.flatten([
	[message.text("the server's address (set in an env file)") | count(compose_server.addresses(project)) == 0],
	[message.of("the server's address (variable {address})", {"address": address}) |
		some address in compose_server.addresses(project)
		_variable(address)
	],
	[message.of("the server's version (image {image})", {"image": reference}) |
		some service in compose_server.services(project)
		reference := value.string_at(service, "image")
		_variable(reference)
	],
	[message.text("the published ports (some are variables)") |
		count(compose_server.variable_ports(project)) > 0
		count(compose_server.unpublished(project, _agent_ports)) > 0
	],
])
