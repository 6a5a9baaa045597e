# METADATA
# title: The agent's configuration contains the server's addresses
# description: >-
#   The agent connects to the addresses in `controller-ips` of `deepflow-agent.yaml`. Without an
#   address, with an invalid one, or with a name that does not resolve, it stops at start. With an
#   example address of the documentation it never connects.
# custom:
#   id: DF-CH-001
#   level: required
#   reads: [manifests]
#   impact: [Agent start, Server connection, All features]
#   remediation: >-
#     Set `controller-ips` in `deepflow-agent.yaml` to the addresses of the server's nodes or load
#     balancer. In the chart, set the list `deepflowServerNodeIPS`.
package dfpolicy.requirements.chart.server_addresses

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := unusable if {
	unusable := agent_config.unusable(workload, "controller-ips", _expected)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unaddressed(workload, message.text("controller-ips is empty")) if {
	count(agent_config.controllers(workload)) == 0
} else := _unaddressed(workload, message.of(
	"controller-ips contains {address}, a placeholder or an example from the documentation",
	{"address": _placeholders(workload)[0]},
)) if {
	count(_placeholders(workload)) > 0
} else := result.pass(message.of("controller-ips is {addresses}", {"addresses": message.whole(agent_config.controllers(workload))}))

_unaddressed(workload, observed) := file_changes.asked(workload, file_changes.addresses, result.violation(observed, _expected))

_expected := message.text("at least one server address in controller-ips")

_placeholders(workload) := [address | some address in agent_config.controllers(workload); placeholders.found(address)]
