# METADATA
# title: With Cilium, the agent captures on the node's interfaces only
# description: >-
#   Cilium's eBPF programs redirect packets past the lxc interfaces, which then show one direction
#   only. Only eBPF sees the traffic between pods of the same node.
# custom:
#   id: DF-CNI-004
#   met: the cluster does not use Cilium, or `interface_regex` matches the node's interfaces only
#   level: recommended
#   asks: deepflow-ctl agent-group-config list -o yaml
#   impact: [AutoMetrics]
#   remediation: Set `interface_regex` of the agent group to match the node's interfaces only.
package dfpolicy.requirements.cni.cilium_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), capture.cluster, capture.restricted("cilium", "Cilium")) if count(agent.on_node) > 0
