# METADATA
# title: The agent on the host is not newer than its server
# description: >-
#   A server does not understand agents that are newer than itself. A tag of two numbers, such as
#   v7.1, moves with the latest build of its line.
# custom:
#   id: DF-LH-009
#   level: required
#   impact: [Server connection, Agent upgrade]
#   remediation: Upgrade the server first, or install the agent in the server's version.
package dfpolicy.requirements.legacy_host.agent_version

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.deepflow_server
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if some workload in agent.hosted

_verdict(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := result.unknown("the server's version", "kubectl get deployment -n deepflow deepflow-server -o yaml") if {
	deepflow_server.version == null
} else := result.violation(_pair(workload), "an agent that is not newer than the server") if {
	workload.version > _newest(deepflow_server.version)
} else := result.pass(_pair(workload)) if {
	_newest(workload.version) <= _newest(deepflow_server.version)
} else := result.unknown(
	$"which build of its line each is: {_pair(workload)}",
	"kubectl get deployment -n deepflow deepflow-server -o yaml",
)

_pair(workload) := concat("", [
	$"the agent is {agent.shown_version(workload)}, ",
	$"the server {agent.shown_version({"version": deepflow_server.version})}",
])

# A tag of two numbers stands for any build of its line.
_newest(version) := array.concat(version, [999999]) if {
	count(version) < 3
} else := version
