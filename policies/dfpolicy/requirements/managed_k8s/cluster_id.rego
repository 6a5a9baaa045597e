# METADATA
# title: The agent reports with the ID of its subdomain
# description: >-
#   The server creates an ID for each subdomain. Without this ID the cluster becomes a separate
#   domain, and its traffic has no cloud tags.
# custom:
#   id: DF-MG-001
#   met: >-
#     `kubernetes-cluster-id` is the ID of the cluster's subdomain
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` in `deepflow-agent.yaml` to the ID from `deepflow-ctl subdomain
#     list`. In the chart: `deepflowK8sClusterID`.
package dfpolicy.requirements.managed_k8s.cluster_id

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.file_changes
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := unusable if {
	unusable := agent_config.unusable(workload, "kubernetes-cluster-id", _expected)
} else := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := _unidentified(workload, message.text("kubernetes-cluster-id is not set")) if {
	cluster.id(workload) == ""
} else := result.following("DF-MK-004", _unidentified(workload, cluster.id_fault(workload))) if {
	cluster.id_fault(workload)
} else := doubt if {
	doubt := cluster.id_doubt(workload)
} else := result.pass(cluster.shown_id(workload))

_unidentified(workload, observed) := file_changes.asked(workload, file_changes.cluster_id, result.violation(observed, _expected))

_expected := message.text("the ID of the subdomain as kubernetes-cluster-id")
