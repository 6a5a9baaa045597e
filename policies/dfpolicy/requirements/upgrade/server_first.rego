# METADATA
# title: The server is upgraded before the agents
# description: >-
#   An agent that is ahead of its server asks for what the server does not know yet. The order is
#   the server's chart, deepflow-ctl, then the agents; manifests that hold server and agents
#   upgrade both together.
# custom:
#   id: DF-UPG-001
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Upgrade the server's chart first, wait until the new server is ready, then apply these
#     manifests.
package dfpolicy.requirements.upgrade.server_first

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.image
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.server
import data.dfpolicy.lib.upgrade

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, _servers)) if some workload in running.upgraded

_verdict(workload, servers) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := verdict if {
	verdict := _in_order(workload, servers)
} else := upgrade.server_unknown if {
	servers.unknown
} else := result.violation(_overtaking(workload, servers), "a server that is upgraded before the agents")

_in_order(workload, servers) := result.pass($"the running server has {upgrade.text(servers.running)}, the agents get {upgrade.text(workload.version)}") if {
	image.up_to(workload.version, servers.running)
} else := result.pass($"server and agents are upgraded together, the server to {upgrade.text(servers.upgraded)}") if {
	image.up_to(workload.version, servers.upgraded)
} else := result.pass($"the agents are not upgraded, they run {upgrade.text(running.counterpart(workload).version)}") if {
	image.up_to(workload.version, running.counterpart(workload).version)
}

_overtaking(workload, servers) := concat(" ", [
	$"the agents get {upgrade.text(workload.version)}, the running server has {upgrade.text(servers.running)}",
	$"and gets {upgrade.text(servers.upgraded)}",
]) if {
	servers.upgraded != null
	servers.upgraded != servers.running
} else := $"the agents get {upgrade.text(workload.version)}, the running server has {upgrade.text(servers.running)}"

_servers := {
	"upgraded": server.version(server.workloads),
	"running": running.server_version,
	"unknown": null in {upgrade.served, running.server_version},
}
