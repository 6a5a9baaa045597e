# METADATA
# title: No agent is newer than its server
# description: >-
#   A server supports agents of its own version and of earlier ones. A tag without a patch number
#   moves with its release line and counts as the line's newest version.
# custom:
#   id: DF-UPG-002
#   met: each agent's version is at most the server's
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set the agents' version to the server's or to an earlier one: `image.tag` in the chart.
package dfpolicy.requirements.upgrade.agent_versions

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.image
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.upgrade

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload, upgrade.served)) if some workload in running.managed

_verdict(workload, served) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := upgrade.server_unknown if {
	served == null
} else := result.pass(_versions(workload)) if {
	image.up_to(workload.version, served)
} else := result.at("recommended", agent_changes.image(workload, result.violation(
	message.of(
		"the agents get the moving tag v{agents}, which can be newer than the server's v{server}",
		_numbers(workload),
	),
	_expected,
))) if {
	workload.version == upgrade.line(served)
} else := agent_changes.image(workload, result.following("DF-UPG-001", result.violation(_versions(workload), _expected)))

_versions(workload) := message.of("the agents get v{agents}, the server is v{server}", _numbers(workload))

_numbers(workload) := {"agents": image.version_text(workload.version), "server": image.version_text(upgrade.served)}

_expected := message.text("agents of the server's version or of an earlier one")
