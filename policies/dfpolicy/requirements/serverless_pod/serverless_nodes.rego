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
#   zh:
#     title: Serverless 节点由 Sidecar 覆盖
#     description: >-
#       虚拟节点上不会运行 DaemonSet。如果没有将 Agent 以 Sidecar 方式安装到虚拟节点的
#       Pod 中，这些 Pod 就是观测盲区。
#     remediation: >-
#       同时为 Serverless Pod 安装 Agent（`serverless-pod` 模式），或通过豁
#       免接受这些 Pod 不被观测。
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
