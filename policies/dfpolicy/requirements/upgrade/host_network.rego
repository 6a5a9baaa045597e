# METADATA
# title: The agent keeps the host's network and DNS
# description: >-
#   Charts from 6.3.005 on leave the host network unless they are told to stay, and charts from
#   6.5.011 on no longer choose the DNS that goes with it. The agent's port then leaves the node's
#   address, or the cluster's names no longer resolve.
# custom:
#   id: DF-UPG-007
#   level: recommended
#   impact: [AutoMetrics, Server connection]
#   remediation: >-
#     Set `hostNetwork: "true"`, a text in the chart, and `dnsPolicy: ClusterFirstWithHostNet` as
#     the running agent has them, or accept the change with a waiver.
#   source: CHART
package dfpolicy.requirements.upgrade.host_network

import data.dfpolicy.lib.result
import data.dfpolicy.lib.running
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in running.collectors

_verdict(workload) := verdict if {
	verdict := running.unmatched(workload)
} else := result.pass("hostNetwork, and dnsPolicy on the host network, are as they run") if {
	count(_network_changes(workload)) == 0
} else := result.violation(
	concat("; ", _network_changes(workload)),
	"hostNetwork is true and dnsPolicy is ClusterFirstWithHostNet, as they run",
)

_network_changes(workload) := array.concat(
	["hostNetwork is true in the running agent and no longer in the new one" |
		value.true_at(running.counterpart(workload).pod, ["hostNetwork"])
		not value.true_at(workload.pod, ["hostNetwork"])
	],
	[$"on the host network dnsPolicy goes from ClusterFirstWithHostNet to {value.plain(_dns(workload))}" |
		value.true_at(workload.pod, ["hostNetwork"])
		_dns(running.counterpart(workload)) == "ClusterFirstWithHostNet"
		_dns(workload) != "ClusterFirstWithHostNet"
	],
)

_dns(workload) := value.at(workload.pod, ["dnsPolicy"], "ClusterFirst")
