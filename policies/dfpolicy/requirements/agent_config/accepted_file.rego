# METADATA
# title: The agent accepts its configuration file
# description: >-
#   The agent stops at start if `deepflow-agent.yaml` is not valid YAML, repeats a key, or has a value
#   of another type. It also stops if `controller-ips` has an entry that is neither an IP address nor
#   a host name, or both IPv4 and IPv6 addresses.
# custom:
#   id: DF-CFG-002
#   met: >-
#     `deepflow-agent.yaml` is valid YAML with values that the agent can decode
#   related: [DF-CH-001]
#   level: required
#   impact: [Agent start]
#   remediation: >-
#     Correct the line in `deepflow-agent.yaml`. In the chart, `deepflowServerNodeIPS` is a list with
#     one address in each entry, all IPv4 or all IPv6.
#   waivable: false
package dfpolicy.requirements.agent_config.accepted_file

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.agent_faults
import data.dfpolicy.lib.agent_file
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), file, agent_config.worst(verdicts)) if some file, verdicts in _verdicts

_verdicts[agent_config.subject(workload)] contains _verdict(workload) if some workload in agent.managed

_verdict(workload) := result.remedied(
	"Add the file to the ConfigMap and to the volume that the agent mounts. The chart renders both.",
	_rejected(agent_file.missing(workload)),
) if {
	agent_file.missing(workload)
} else := file_changes.addressed(workload, _rejected(message.clauses(agent_faults.of_file(workload)))) if {
	count(agent_faults.of_file(workload)) > 0
} else := undecided if {
	undecided := agent_config.undecided(workload)
} else := result.pass(message.of("{file} is valid", {"file": agent_file.name(workload)}))

_rejected(observed) := result.violation(observed, "a file that the agent can read")
