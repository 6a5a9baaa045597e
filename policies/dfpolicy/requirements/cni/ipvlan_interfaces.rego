# METADATA
# title: Under IPVlan only the interfaces of the node are captured
# description: >-
#   Under IPVlan the traffic between pods of one node passes no interface of the node, and only
#   eBPF sees it. The other interfaces are to be left out of the capture.
# custom:
#   id: DF-CNI-003
#   level: recommended
#   impact: [AutoMetrics]
#   remediation: Set `interface_regex` of the agent group to the interfaces of the node alone.
#   zh:
#     title: 使用 IPVlan 时只采集节点网卡的流量
#     description: >-
#       使用 IPVlan 时，同一节点上 Pod 之间的流量不经过节点的任何网卡，只有 eBPF 能够采集
#       到。其他网卡应排除在采集范围之外。
#     remediation: >-
#       将采集器组的 `interface_regex` 设为只匹配节点的网卡。
package dfpolicy.requirements.cni.ipvlan_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), capture.cluster, capture.restricted("ipvlan", "IPVlan")) if count(agent.on_node) > 0
