# METADATA
# title: The server is upgraded before the agents
# description: >-
#   An agent that is newer than its server asks for things that the server does not know yet. Upgrade
#   the server's chart first, then deepflow-ctl, then the agents. Manifests with server and agents
#   upgrade both together.
# custom:
#   id: DF-UPG-001
#   met: >-
#     the running server has the new version already, these manifests upgrade server and agents
#     together, or the agents already run the new version
#   related: [DF-UPG-002, DF-UPG-003]
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Upgrade the server's chart first, wait until the new server is ready, then apply these
#     manifests.
package dfpolicy.requirements.upgrade.server_first

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.server
import data.dfpolicy.lib.upgrade

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, _servers)) if some workload in running.managed

_verdict(workload, servers) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := verdict if {
	verdict := _in_order(workload, servers)
} else := upgrade.server_unknown if {
	servers.unknown
} else := result.violation(_overtaking(_numbers(workload, servers)), "the server is upgraded before the agents")

_in_order(workload, servers) := result.pass(message.of(
	"the running server is v{running}, the agents get v{agents}",
	_numbers(workload, servers),
)) if {
	image.up_to(workload.version, servers.running)
} else := result.pass(message.of("server and agents are upgraded together, the server to v{upgraded}", _numbers(workload, servers))) if {
	image.up_to(workload.version, servers.upgraded)
} else := result.pass(message.of("the agents already run v{version}", {"version": image.version_text(running.counterpart(workload).version)})) if {
	image.up_to(workload.version, running.counterpart(workload).version)
}

_overtaking(parts) := message.of("the agents get v{agents}, but the running server is v{running} and gets only v{upgraded}", parts) if {
	not parts.upgraded in {"", parts.running}
} else := message.of("the agents get v{agents}, but the running server is v{running}", parts)

_numbers(workload, servers) := {
	"agents": _number(workload.version),
	"running": _number(servers.running),
	"upgraded": _number(servers.upgraded),
}

_number(version) := "" if {
	version == null
} else := image.version_text(version)

_servers := {
	"upgraded": server.version(server.workloads),
	"running": running.server_version,
	"unknown": null in {upgrade.served, running.server_version},
}
