# METADATA
# title: No node belongs to GKE Autopilot
# description: >-
#   GKE Autopilot refuses host namespaces, added capabilities and hostPath volumes. It admits the
#   agent only if a WorkloadAllowlist of the cluster matches it.
# related_resources:
#   - description: Google Cloud documentation, privileged workloads in GKE Autopilot
#     ref: https://cloud.google.com/kubernetes-engine/docs/how-to/run-autopilot-partner-workloads
# custom:
#   id: DF-CH-009
#   level: recommended
#   reads: [manifests, nodes]
#   impact: [Agent start]
#   remediation: Install an `AllowlistSynchronizer` with an allowlist for the agent, or use a Standard cluster.
#   modes: [all-in-one, single-k8s, multi-k8s, managed-k8s, upgrade]
package dfpolicy.requirements.chart.autopilot_nodes

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.facts
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings

results contains result.of(rego.metadata.chain(), workload.subject, _verdict) if some workload in agent.on_node

_verdict := result.unknown("the nodes of the cluster", "kubectl get nodes -o yaml") if {
	count(facts.nodes) == 0
} else := result.pass("GKE Autopilot manages none of the nodes") if {
	count(_nodes) == 0
} else := result.unknown(
	message.of("whether an allowlist of GKE Autopilot admits the agent on {nodes}", {"nodes": facts.names(_nodes)}),
	"kubectl get workloadallowlists -o yaml",
) if {
	count(_allowlists) > 0
} else := result.at("required", result.violation(
	message.of("GKE Autopilot manages {nodes} and refuses the agent's privileges", {"nodes": facts.names(_nodes)}),
	"nodes of a Standard cluster, or an allowlist for the agent",
))

# GKE names the nodes that it manages itself with another prefix than those of node pools.
_nodes := [node | some node in facts.nodes; startswith(node.name, "gk3-")]

_allowlists := [resource | some resource in settings.resources; startswith(resource.apiVersion, "auto.gke.io/"); _kinds[resource.kind]]

_kinds := {"AllowlistSynchronizer", "WorkloadAllowlist"}
