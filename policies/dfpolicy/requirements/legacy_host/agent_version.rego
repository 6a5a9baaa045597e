# METADATA
# title: The agent on the host is not newer than its server
# description: >-
#   A server does not support agents that are newer than itself. A tag with two numbers, for
#   example v7.1, always points to the latest build of its release line.
# custom:
#   id: DF-LH-009
#   met: the agent's version is at most the server's
#   related: [DF-UPG-002]
#   level: required
#   impact: [Server connection, Agent upgrade]
#   remediation: Upgrade the server first, or install the agent in the server's version.
package dfpolicy.requirements.legacy_host.agent_version

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.managed_hosts

_verdict(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.unknown("the server's version", _server_command) if {
	deepflow_server.version == null
} else := result.violation(_versions(workload), "an agent that is not newer than the server") if {
	workload.version > _newest(deepflow_server.version)
} else := result.pass(_versions(workload)) if {
	_newest(workload.version) <= _newest(deepflow_server.version)
} else := result.unknown(message.of("the agent's exact build (tag v{agent}, server v{server})", _numbers(workload)), _server_command)

_server_command := "kubectl get deployment -n deepflow deepflow-server -o yaml"

_versions(workload) := message.of("the agent is v{agent}, the server is v{server}", _numbers(workload))

_numbers(workload) := {
	"agent": image.version_text(workload.version),
	"server": image.version_text(deepflow_server.version),
}

# A tag with two numbers can be any build of its line.
_newest(version) := array.concat(version, [999999]) if {
	count(version) < 3
} else := version
