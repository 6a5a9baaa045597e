# METADATA
# title: The agent on the host is given the server's addresses
# description: >-
#   The agent reads `/etc/deepflow-agent.yaml` and connects to its `controller-ips`; a container
#   reads the same file from where the service mounts it. Without an address it runs and sends
#   nothing.
# custom:
#   id: DF-LH-001
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     List the server's addresses under `controller-ips` in `/etc/deepflow-agent.yaml`; in Docker
#     Compose add `/etc/deepflow-agent.yaml:/etc/deepflow-agent/deepflow-agent.yaml:ro` to
#     `volumes`.
package dfpolicy.requirements.legacy_host.server_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.mount
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.hosted

_verdict(workload) := _unaddressed($"nothing is mounted at {agent_config.file(workload)}") if {
	not mount.over(workload, agent_config.file(workload))
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unaddressed("controller-ips is empty") if {
	count(agent_config.controllers(workload)) == 0
} else := _unaddressed($"controller-ips holds the placeholder {_examples(workload)[0]}") if {
	count(_examples(workload)) > 0
} else := result.pass($"controller-ips is {concat(", ", agent_config.controllers(workload))}")

_unaddressed(observed) := result.violation(observed, "controller-ips lists at least one address of the server")

_examples(workload) := [given |
	some given in agent_config.controllers(workload)
	placeholders.found(given)
]
