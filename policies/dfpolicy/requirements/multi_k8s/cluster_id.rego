# METADATA
# title: The cluster ID has a form that the server accepts
# description: >-
#   From v6.6 an ID has up to 32 letters, digits and hyphens. Earlier agents accept only an ID that
#   the server created, which begins with `d-`. The server mixes up clusters with the same ID.
# related_resources:
#   - description: DeepFlow source code, clusters in the server
#     ref: https://github.com/deepflowio/deepflow/blob/main/server/controller/trisolaris/kubernetes/kubernetes.go
# custom:
#   id: DF-MK-004
#   met: >-
#     `kubernetes-cluster-id` is empty, an ID from the server, or up to 32 letters, digits and
#     hyphens for agents from v6.6
#   related: [DF-MK-002, DF-MG-001]
#   level: recommended
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` to an ID from `deepflow-ctl domain list` or `deepflow-ctl
#     subdomain list`, a different one for each cluster. In the chart: `deepflowK8sClusterID`.
#   modes: [multi-k8s, managed-k8s]
package dfpolicy.requirements.multi_k8s.cluster_id

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.pass("kubernetes-cluster-id is not set") if {
	cluster.id(workload) == ""
} else := file_changes.asked(workload, file_changes.cluster_id, result.violation(
	cluster.id_fault(workload),
	"an ID from the server, or up to 32 letters, digits and hyphens, unique to this cluster",
)) if {
	cluster.id_fault(workload)
} else := doubt if {
	doubt := cluster.id_doubt(workload)
} else := result.pass(cluster.shown_id(workload))
