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
package dfpolicy.requirements.cni.cilium_interfaces

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.capture
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), capture.cluster, capture.restricted("cilium", "Cilium")) if count(agent.on_node) > 0
