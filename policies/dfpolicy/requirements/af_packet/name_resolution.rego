# METADATA
# title: The agent resolves the server's name
# description: >-
#   On the host network a pod with the default `dnsPolicy` asks the node's resolver, which knows
#   no Service names; so does a pod with `dnsPolicy: Default`. One controller address that does
#   not resolve stops the agent.
# custom:
#   id: DF-NET-005
#   level: required
#   impact: [Server connection, All features]
#   remediation: >-
#     Set `dnsPolicy: ClusterFirstWithHostNet` beside `hostNetwork: true`; in the chart both are
#     values and the latter wants a text, `hostNetwork: "true"`, since a boolean fails to render.
#   source: CHART
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: Agent 能够解析 Server 的名称
#     description: >-
#       使用主机网络时，`dnsPolicy` 为默认值的 Pod 会使用节点的 DNS 解析器，
#       而该解析器无法解析 Service 的名称；设置了 `dnsPolicy: Default` 的 Pod
#       也是如此。只要有一个控制器地址无法解析，Agent 就会停止运行。
#     remediation: >-
#       在设置 `hostNetwork: true` 的同时，设置
#       `dnsPolicy: ClusterFirstWithHostNet`；在 Chart 中，二者都通过
#       values 设置，且前者必须是字符串，即 `hostNetwork: "true"`，
#       使用布尔值会导致渲染失败。
package dfpolicy.requirements.af_packet.name_resolution

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := result.pass("hostNetwork is false, the pod uses the cluster's DNS") if {
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
	concat(", ", [
		$"hostNetwork is {value.true_at(workload.pod, ["hostNetwork"])}",
		$"dnsPolicy is {_dns(workload)}",
		"and not every controller address is an IP address",
	]),
	"dnsPolicy is ClusterFirstWithHostNet",
)

_dns(workload) := value.plain(value.at(workload.pod, ["dnsPolicy"], "ClusterFirst"))
