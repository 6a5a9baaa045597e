# METADATA
# title: Sidecars cover the serverless nodes
# description: >-
#   A DaemonSet does not run on virtual nodes. DeepFlow cannot observe their pods unless the agent
#   runs in them as a sidecar.
# custom:
#   id: DF-SL-006
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Also install the agent for serverless pods (mode `serverless-pod`), or accept with a waiver
#     that DeepFlow does not observe them.
#   modes: [single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.serverless_pod.serverless_nodes

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule

results contains result.of(rego.metadata.chain(), cluster.subject, _serverless) if count(agent.collectors) > 0

_serverless := result.pass("agents run as sidecars") if {
	count(agent.sidecars) > 0
} else := result.violation(
	message.of("virtual nodes without an agent: {nodes}", {"nodes": facts.names(_virtual_nodes)}),
	"an agent in each serverless pod",
) if {
	count(_virtual_nodes) > 0
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(facts.nodes) == 0
} else := result.unknown(message.of("the labels and taints of {nodes}", {"nodes": facts.names(_bare)}), "kubectl get nodes -o yaml") if {
	count(_bare) > 0
} else := result.pass(message.counted("{count} node is not virtual", "none of {count} nodes is virtual", {"count": facts.number(facts.nodes)}))

_bare := [node |
	some node in facts.nodes
	not facts.known(node, ["taints"])
	not facts.known(node, ["labels"])
]

_virtual_nodes := [node | some node in facts.nodes; schedule.virtual(node)]
