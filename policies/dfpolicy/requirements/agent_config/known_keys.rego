# METADATA
# title: The agent knows every key of its configuration file
# description: >-
#   The agent ignores unknown keys without any message. With a misspelt key, or one of a later
#   release, the default applies.
# custom:
#   id: DF-CFG-001
#   met: the agent's release knows every key of `deepflow-agent.yaml`
#   related: [DF-CFG-002]
#   level: recommended
#   impact: [Agent configuration]
#   remediation: Correct the key in `deepflow-agent.yaml`, or remove it.
package dfpolicy.requirements.agent_config.known_keys

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_faults
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), file, agent_config.worst(verdicts)) if some file, verdicts in _verdicts

_verdicts[agent_config.subject(workload)] contains _verdict(workload) if some workload in agent.managed

_verdict(workload) := result.violation(agent_file.missing(workload), "known keys only") if {
	agent_file.missing(workload)
} else := agent_config.unknown(workload) if {
	not agent_config.entries(workload)
} else := result.pass("the file sets no key") if {
	count(agent_config.entries(workload)) == 0
} else := result.pass(message.counted(
	"{count} known key",
	"{count} known keys",
	{"count": count(agent_config.entries(workload))},
)) if {
	count(agent_faults.ignored(workload)) == 0
} else := file_changes.renamed(workload, result.violation(message.clauses(agent_faults.ignored(workload)), "known keys only"))
