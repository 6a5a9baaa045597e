# METADATA
# title: The agent keeps the host's network and DNS
# description: >-
#   Charts from 6.3.005 turn off the host network unless you set `hostNetwork`. Charts from 6.5.011
#   no longer set the matching DNS policy. The agent's port is then not on the node's address, or
#   Service names do not resolve.
# custom:
#   id: DF-UPG-007
#   met: the host's network and the DNS policy are those of the running agent
#   level: recommended
#   impact: [AutoMetrics, Server connection]
#   remediation: >-
#     Set `hostNetwork: "true"` (quoted in the chart's values) and `dnsPolicy:
#     ClusterFirstWithHostNet`, as on the running agent, or accept the change with a waiver.
package dfpolicy.requirements.upgrade.host_network

import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.collectors

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("the agent does not lose the host network or its DNS policy") if {
	count(_losses(workload)) == 0
} else := agent_changes.host_network(workload, _loss(workload))

_loss(workload) := result.violation(message.clauses(_losses(workload)), "hostNetwork is true and dnsPolicy is ClusterFirstWithHostNet, as on the running agent")

_losses(workload) := array.concat(
	[message.text("hostNetwork is true on the running agent, but not on the new one") |
		value.true_at(running.counterpart(workload).pod, "hostNetwork")
		not value.true_at(workload.pod, "hostNetwork")
	],
	[message.of("dnsPolicy on the host network changes from ClusterFirstWithHostNet to {policy}", {"policy": _dns(workload)}) |
		value.true_at(workload.pod, "hostNetwork")
		_dns(running.counterpart(workload)) == "ClusterFirstWithHostNet"
		_dns(workload) != "ClusterFirstWithHostNet"
	],
)

_dns(workload) := value.plain(value.at(workload.pod, "dnsPolicy", "ClusterFirst"))
