# METADATA
# title: The agent resolves the server's name
# description: >-
#   The agent exits if one name in `controller-ips` does not resolve. Only the cluster's DNS knows
#   Service names, and it completes a short one with the agent's own namespace. A pod on the host
#   network asks the node's resolver, unless its `dnsPolicy` is ClusterFirstWithHostNet.
# related_resources:
#   - description: DeepFlow chart, values of the agent
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow-agent/values.yaml
# custom:
#   id: DF-NET-005
#   met: >-
#     every entry of `controller-ips` is an address, or a name that the pod's DNS resolves: for a
#     Service name, `dnsPolicy` is ClusterFirst, or ClusterFirstWithHostNet on the host network, and
#     the name includes the namespace if that is not the agent's
#   related: [DF-CH-001, DF-MK-001]
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     With `hostNetwork: true`, set `dnsPolicy: ClusterFirstWithHostNet`; without it, set
#     `dnsPolicy: ClusterFirst`. The chart has the value `dnsPolicy`.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, serverless-pod, upgrade]
package dfpolicy.requirements.af_packet.name_resolution

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_changes
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.name_resolution
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in _in_pods

_in_pods := [workload | some workload in agent.managed; workload.form == "kubernetes"]

_verdict(workload) := _unaddressed(workload, message.text("controller-ips is empty")) if {
	agent_config.lacking(workload)
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := _unaddressed(workload, message.text("controller-ips is empty")) if {
	count(agent_config.controllers(workload)) == 0
} else := _unaddressed(workload, message.text("controller-ips contains a placeholder")) if {
	some address in agent_config.controllers(workload)
	not agent_config.literal(address)
	placeholders.found(address)
} else := _unresolved(workload, faults) if {
	faults := name_resolution.failed(workload)
	count(faults) > 0
} else := result.unknown(
	message.clauses([found.fact | some found in doubts]),
	concat("; ", [found.command | some found in doubts]),
) if {
	doubts := name_resolution.open(workload)
	count(doubts) > 0
} else := result.pass("every controller address is an IP address") if {
	count(name_resolution.names(workload)) == 0
} else := result.pass(message.of(
	"the pod's resolver can resolve {names}",
	{"names": message.list(name_resolution.names(workload))},
))

_unaddressed(workload, observed) := result.following("DF-CH-001", file_changes.asked(workload, file_changes.addresses, result.violation(
	observed,
	"addresses, or names that resolve in the agent's pod",
)))

_unresolved(workload, faults) := file_changes.asked(workload, file_changes.addresses, result.remedied(
	"In `controller-ips`, write `SERVICE.NAMESPACE` of the server, as `kubectl get services -A` shows them. In the chart: `deepflowServerNodeIPS`.",
	result.violation(message.clauses(faults), "SERVICE, or SERVICE.NAMESPACE for a Service in another namespace than the agent's"),
)) if {
	name_resolution.resolver(workload) == "cluster"
} else := agent_changes.pod_field(
	workload,
	{"cause": "dns-policy", "path": ["dnsPolicy"], "value": "ClusterFirstWithHostNet"},
	result.violation(message.clauses(faults), "dnsPolicy is ClusterFirstWithHostNet"),
) if {
	value.true_at(workload.pod, "hostNetwork")
} else := agent_changes.pod_field(
	workload,
	{"cause": "dns-policy", "path": ["dnsPolicy"], "value": "ClusterFirst"},
	result.violation(message.clauses(faults), "dnsPolicy is ClusterFirst"),
)
