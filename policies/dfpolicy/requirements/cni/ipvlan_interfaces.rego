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
package dfpolicy.requirements.cni.ipvlan_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), capture.cluster, capture.restricted("ipvlan", "IPVlan")) if count(agent.on_node) > 0
