# METADATA
# title: Every schedulable node gets an agent
# description: >-
#   The chart renders no tolerations, so tainted nodes (control plane, GPU) get no agent and stay
#   dark, and so do the nodes that a nodeSelector leaves out.
# related_resources:
#   - description: Kubernetes documentation, Taints and Tolerations
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
# custom:
#   id: DF-CH-005
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Add `tolerations` for the taints of the nodes named, or accept with a waiver that they are
#     not observed.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
#   zh:
#     title: 每个可调度的节点上都有 Agent
#     description: >-
#       Chart 不会生成容忍度，因此带有污点的节点（控制平面、GPU）上没有 Agent，成为观测盲区；被
#       nodeSelector 排除在外的节点也是如此。
#     remediation: >-
#       为所列节点的污点添加 `tolerations`，或通过豁免接受这些节点不被观测。
#     related_resources:
#       - Kubernetes 文档：污点和容忍度
package dfpolicy.requirements.chart.node_coverage

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := result.violation(
	$"a {workload.subject.kind} does not run on every node",
	"a DaemonSet",
) if {
	workload.subject.kind != "DaemonSet"
} else := result.violation($"no agent on {result.abridged(facts.left_out(workload))}", "every schedulable node") if {
	count(facts.left_out(workload)) > 0
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	some node in facts.asked
	not schedule.decidable(workload, node)
} else := result.pass($"an agent on each of {count(facts.reached(workload))} nodes")
