# METADATA
# title: The agent resolves the server's name
# description: >-
#   On the host network, a pod with the default `dnsPolicy` uses the node's resolver, which does
#   not know Service names. A pod with `dnsPolicy: Default` does too. The agent exits if one
#   controller address does not resolve.
# related_resources:
#   - description: DeepFlow chart, values of the agent
#     ref: https://github.com/deepflowio/deepflow-charts/blob/main/charts/deepflow-agent/values.yaml
# custom:
#   id: DF-NET-005
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `dnsPolicy: ClusterFirstWithHostNet` together with `hostNetwork: true`. In the chart's
#     values.yaml, quote the second: `hostNetwork: "true"`. The chart does not render with a
#     boolean.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.af_packet.name_resolution

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := result.pass("hostNetwork is false; the pod uses the cluster's DNS") if {
	not value.true_at(workload.pod, ["hostNetwork"])
	_dns(workload) != "Default"
} else := result.pass("dnsPolicy is ClusterFirstWithHostNet") if {
	_dns(workload) == "ClusterFirstWithHostNet"
} else := result.pass("every controller address is an IP address") if {
	not agent_config.opaque(workload, "controller-ips")
	addresses := agent_config.controllers(workload)
	count(addresses) > 0
	every address in addresses {
		agent_config.literal(address)
	}
} else := doubt if {
	doubt := agent_config.doubt(workload, "controller-ips")
} else := result.violation(
	message.of("hostNetwork is {host_network}, dnsPolicy is {policy}, and some controller addresses are names", {
		"host_network": value.plain(value.true_at(workload.pod, ["hostNetwork"])),
		"policy": _dns(workload),
	}),
	"dnsPolicy is ClusterFirstWithHostNet",
)

_dns(workload) := value.plain(value.at(workload.pod, ["dnsPolicy"], "ClusterFirst"))
