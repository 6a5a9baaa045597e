# METADATA
# title: No agent is newer than its server
# description: >-
#   A server serves agents of its own version and of earlier ones. A tag without a patch moves
#   with its line and stands for the newest of it.
# custom:
#   id: DF-UPG-002
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Give the agents the server's version or an earlier one: `image.tag` in the chart.
#   source: DOC-05
package dfpolicy.requirements.upgrade.agent_versions

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.image
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.upgrade

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.upgraded

_verdict(workload) := agent.version_unknown(workload) if {
	not agent.versioned(workload)
} else := upgrade.server_unknown if {
	upgrade.served == null
} else := _ahead(workload, upgrade.served)

_ahead(workload, served) := result.pass(_compared(workload, served)) if {
	image.up_to(workload.version, served)
} else := result.at("recommended", result.violation(
	$"{_compared(workload, served)}; the agents' tag moves with its line and can be ahead",
	_relation_asked,
)) if {
	workload.version == upgrade.line(served)
} else := result.violation(_compared(workload, served), _relation_asked)

_compared(workload, served) := $"the agents get {upgrade.text(workload.version)}, the server has {upgrade.text(served)}"

_relation_asked := "agents of the server's version or of an earlier one"
