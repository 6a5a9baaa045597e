# METADATA
# title: Under Cilium only the interfaces of the node are captured
# description: >-
#   The eBPF of Cilium redirects packets past the lxc interfaces, which then show one direction
#   only. The traffic between pods of one node is seen by eBPF alone.
# custom:
#   id: DF-CNI-004
#   level: recommended
#   impact: [AutoMetrics]
#   remediation: Set `interface_regex` of the agent group to the interfaces of the node alone.
#   zh:
#     title: 使用 Cilium 时只采集节点网卡的流量
#     description: >-
#       Cilium 通过 eBPF 重定向报文，使其绕过 lxc 网卡，因此在 lxc 网卡上只能看到单向
#       流量。同一节点上 Pod 之间的流量只有 eBPF 能够采集到。
#     remediation: >-
#       将采集器组的 `interface_regex` 设为只匹配节点的网卡。
package dfpolicy.requirements.cni.cilium_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), capture.cluster, capture.restricted("cilium", "Cilium")) if count(agent.on_node) > 0
