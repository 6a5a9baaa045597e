# METADATA
# title: The agent on the host has the server's addresses
# description: >-
#   The agent reads `/etc/deepflow-agent.yaml` and connects to its `controller-ips`. In a container,
#   it reads the same file from the path where the service mounts it. Without an address the agent
#   exits.
# custom:
#   id: DF-LH-001
#   met: >-
#     `controller-ips` of `/etc/deepflow-agent.yaml` has the server's addresses, and the agent reads
#     this file
#   related: [DF-CH-001]
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     List the server's addresses under `controller-ips` in `/etc/deepflow-agent.yaml`. In Docker
#     Compose, also add `/etc/deepflow-agent.yaml:/etc/deepflow-agent/deepflow-agent.yaml:ro` to
#     `volumes`.
package dfpolicy.requirements.legacy_host.server_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.name_resolution
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload, _expected)) if some workload in agent.managed_hosts

_verdict(workload, expected) := result.violation(message.of("nothing is mounted at {path}", {"path": agent_file.path(workload)}), expected) if {
	agent_file.unmounted(workload)
} else := unusable if {
	unusable := agent_config.unusable(workload, "controller-ips", expected)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := file_changes.asked(workload, file_changes.addresses, result.violation("controller-ips is empty", expected)) if {
	count(agent_config.controllers(workload)) == 0
} else := file_changes.asked(workload, file_changes.addresses, result.violation(
	message.of("controller-ips contains the placeholder {address}", {"address": _examples(workload)[0]}),
	expected,
)) if {
	count(_examples(workload)) > 0
} else := file_changes.asked(workload, file_changes.addresses, result.violation(
	message.of(
		"controller-ips contains {addresses}, which resolves only in the server's own cluster",
		{"addresses": message.list(_services(workload))},
	),
	expected,
)) if {
	count(_services(workload)) > 0
} else := result.unknown(
	message.of("whether {names} resolves on the host", {"names": message.list(_short(workload))}),
	$"getent hosts {_short(workload)[0]}",
) if {
	count(_short(workload)) > 0
} else := result.pass(message.of("controller-ips is {addresses}", {"addresses": message.list(agent_config.controllers(workload))}))

_expected := message.text("controller-ips lists at least one address of the server")

_services(workload) := [name |
	some name in name_resolution.names(workload)
	name_resolution.of_service(workload, name)
	contains(name, ".")
	not name_resolution.aliased(workload, name)
]

# Perhaps a name in the host's hosts file, in its search domain, or of a Compose service.
_short(workload) := [name |
	some name in name_resolution.names(workload)
	not contains(name, ".")
	not name_resolution.aliased(workload, name)
]

_examples(workload) := [given |
	some given in agent_config.controllers(workload)
	placeholders.found(given)
]
