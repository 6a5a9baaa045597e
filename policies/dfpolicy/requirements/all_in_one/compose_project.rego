# METADATA
# title: The Compose project names its address and publishes the server's ports
# description: >-
#   Under Docker Compose the server tells agents the address it was given and cannot know another.
#   Agents reach it at ports 30033 and 30035, deepflow-ctl at 30417.
# custom:
#   id: DF-AIO-005
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `NODE_IP_FOR_DEEPFLOW` and `DEEPFLOW_VERSION` in the project's `.env`, and keep the
#     ports 20416, 20418, 20419, 30417, 30035, 30033 and 3000 published.
package dfpolicy.requirements.all_in_one.compose_project

import data.dfpolicy.lib.compose_server
import data.dfpolicy.lib.result
import data.dfpolicy.lib.server_release as server
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), _project_subject(project), _verdict(project)) if some project in _projects

# Where there is none, one entry says so.
default _projects := [{}]

_projects := server.projects if count(server.projects) > 0

_project_subject(project) := {
	"apiVersion": value.string_at(project, ["apiVersion"]),
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
} else := result.violation(concat("; ", _faults(project)), "a real address, a version, and the ports published") if {
	count(_faults(project)) > 0
} else := result.unknown(concat(", ", _open(project)), "docker compose config") if {
	count(_open(project)) > 0
} else := result.at("recommended", result.violation(
	$"not published: {concat(", ", compose_server.unpublished(project, _other_ports))}",
	"ports 20416, 20418, 20419, 30417 and 3000 published",
)) if {
	count(compose_server.unpublished(project, _other_ports)) > 0
} else := result.pass($"the address is {compose_server.addresses(project)[0]}, and the ports are published")

_agent_ports := [30033, 30035]

_other_ports := [20416, 20418, 20419, 30417, 3000]

_faults(project) := array.flatten([
	["the server is given no address" |
		count(compose_server.addresses(project)) == 0
		count(compose_server.environment_files(project)) == 0
	],
	[$"the address is {value.shown(address)}" |
		some address in compose_server.addresses(project)
		_placeholder(address)
	],
	["the server's image has an empty tag" |
		some service in compose_server.services(project)
		endswith(value.string_at(service, ["image"]), ":")
	],
	[$"not published: {concat(", ", compose_server.unpublished(project, _agent_ports))}" |
		count(compose_server.unpublished(project, _agent_ports)) > 0
		count(compose_server.variable_ports(project)) == 0
	],
])

_placeholder(address) if {
	placeholders.found(address)
	not _variable(address)
}

_placeholder(address) if regex.match(`(?i)fix_?me`, address)

# Compose puts the value of a variable in, which the file alone does not tell.
_variable(text) if regex.match(`\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_])`, text)

_open(project) := array.flatten([
	["the server's address, which is in a file of variables" | count(compose_server.addresses(project)) == 0],
	[$"the server's address, which is {address}" |
		some address in compose_server.addresses(project)
		_variable(address)
	],
	[$"the server's version, since its image is {reference}" |
		some service in compose_server.services(project)
		reference := value.string_at(service, ["image"])
		_variable(reference)
	],
	["the published ports, some of which are variables" |
		count(compose_server.variable_ports(project)) > 0
		count(compose_server.unpublished(project, _agent_ports)) > 0
	],
])
