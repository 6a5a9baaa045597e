# METADATA
# title: The server can tell this cluster from others
# description: >-
#   The server tells clusters apart by the MD5 of their CA certificate. Clusters that share one,
#   and have no id of their own, are taken for one, with their resources mixed up.
# custom:
#   id: DF-MK-002
#   level: required
#   reads: [manifests, cluster]
#   impact: [AutoTagging]
#   remediation: >-
#     Create a domain of the type `kubernetes` with `deepflow-ctl domain create`, and set its
#     cluster id as `kubernetes-cluster-id` in `deepflow-agent.yaml`; in the chart
#     `deepflowK8sClusterID`.
#   modes: [multi-k8s]
package dfpolicy.requirements.multi_k8s.distinct_cluster

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.workloads

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := _unsettled if {
	cluster.id(workload) == ""
} else := _indistinct($"kubernetes-cluster-id is the placeholder {cluster.id(workload)}") if {
	placeholders.found(cluster.id(workload))
} else := _indistinct(cluster.shared_id(workload)) if {
	cluster.shared_id(workload)
} else := result.pass($"kubernetes-cluster-id is {cluster.id(workload)}")

_indistinct(observed) := result.violation(observed, "a CA certificate or a kubernetes-cluster-id that no other cluster has")

_unsettled := result.unknown(
	$"whether another cluster has the same CA certificate{_digest(settings.cluster)}",
	concat(" | ", [
		"kubectl get configmap -n kube-system kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}'",
		"md5sum, in each cluster",
	]),
)

_digest(facts) := $", of MD5 {facts.caCertificateMd5}" if {
	value.string_at(facts, ["caCertificateMd5"]) != ""
} else := ""
