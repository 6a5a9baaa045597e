# METADATA
# title: With IPVlan, the agent captures on the node's interfaces only
# description: >-
#   With IPVlan, traffic between pods of the same node crosses no interface of the node, and only
#   eBPF sees it. Exclude all other interfaces from capture.
# custom:
#   id: DF-CNI-003
#   met: the cluster does not use IPVlan, or `interface_regex` matches the node's interfaces only
#   level: recommended
#   asks: deepflow-ctl agent-group-config list -o yaml
#   impact: [AutoMetrics]
#   remediation: Set `interface_regex` of the agent group to match the node's interfaces only.
package dfpolicy.requirements.cni.ipvlan_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), capture.cluster, capture.restricted("ipvlan", "IPVlan")) if count(agent.on_node) > 0
