# METADATA
# title: Every schedulable node gets an agent
# description: >-
#   The chart renders no tolerations. Nodes with taints (control plane, GPU) and nodes that a
#   `nodeSelector` excludes get no agent and are not observed.
# related_resources:
#   - description: Kubernetes documentation, Taints and Tolerations
#     ref: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
# custom:
#   id: DF-CH-005
#   met: the agent's DaemonSet runs on every schedulable node
#   related: [DF-SL-006]
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [All features]
#   remediation: >-
#     Add `tolerations` for the taints of these nodes, or change the `nodeSelector` or affinity that
#     excludes them. To accept that they are not observed, add a waiver.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.chart.node_coverage

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.placement_changes
import data.dfpolicy.lib.result
import data.dfpolicy.lib.schedule

results contains result.of(rego.metadata.chain(), workload.subject, _verdict(workload)) if some workload in agent.on_node

_verdict(workload) := result.violation(
	message.of("a {kind} does not run on every node", {"kind": workload.subject.kind}),
	"a DaemonSet",
) if {
	workload.subject.kind != "DaemonSet"
} else := result.at(_level, placement_changes.placed(workload, left_out, result.violation(
	message.counted(
		"{count} node gets no agent: {nodes}",
		"{count} nodes get no agent: {nodes}",
		{"count": facts.number(left_out), "nodes": facts.names(left_out)},
	),
	"an agent on every schedulable node",
))) if {
	left_out := facts.left_out(workload)
	count(left_out) > 0
} else := result.unknown("the taints and labels of the nodes", "kubectl get nodes -o yaml") if {
	_undecided(workload)
} else := result.pass(message.counted(
	"{count} node gets an agent",
	"{count} nodes get an agent",
	{"count": facts.number(facts.reached(workload))},
))

# Where no node gets an agent, nothing is observed.
default _level := "recommended"

_level := "required" if count(facts.reachable) == 0

_undecided(workload) if count(facts.reached(workload)) == 0

_undecided(workload) if {
	some node in facts.asked
	not schedule.decidable(workload, node)
}
