# METADATA
# title: Serverless nodes are covered by sidecars
# description: >-
#   No DaemonSet runs on a virtual node: what its pods do stays dark unless the agent is installed
#   as their sidecar.
# custom:
#   id: DF-SL-006
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Install the agent for serverless pods too (mode `serverless-pod`), or accept with a waiver
#     that they are not observed.
#   modes: [single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.serverless_pod.serverless_nodes

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule

results contains result.of(rego.metadata.chain(), cluster.subject, _serverless) if count(agent.collectors) > 0

_serverless := result.pass("agents run as sidecars") if {
	count(agent.sidecars) > 0
} else := result.violation($"virtual nodes: {result.abridged(_virtual_nodes)}", "an agent in each serverless pod") if {
	count(_virtual_nodes) > 0
} else := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(facts.nodes) == 0
} else := result.unknown($"the labels and taints of {result.abridged(_bare)}", "kubectl get nodes -o yaml") if {
	count(_bare) > 0
} else := result.pass($"none of {count(facts.nodes)} nodes is virtual")

_bare := [node.name |
	some node in facts.nodes
	not facts.known(node, ["taints"])
	not facts.known(node, ["labels"])
]

_virtual_nodes := [node.name | some node in facts.nodes; schedule.virtual(node)]
