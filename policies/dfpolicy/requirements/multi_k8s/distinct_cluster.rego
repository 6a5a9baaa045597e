# METADATA
# title: The server can distinguish this cluster from others
# description: >-
#   The server identifies a cluster by the MD5 of its CA certificate. If clusters share one and have
#   no ID, the server treats them as one cluster and mixes up their resources.
# custom:
#   id: DF-MK-002
#   met: the cluster's CA certificate or its `kubernetes-cluster-id` is unique
#   level: required
#   reads: [manifests, cluster]
#   impact: [AutoTagging]
#   remediation: >-
#     Create a domain of type `kubernetes` with `deepflow-ctl domain create`. Set its cluster ID as
#     `kubernetes-cluster-id` in `deepflow-agent.yaml`. In the chart: `deepflowK8sClusterID`.
#   modes: [multi-k8s]
package dfpolicy.requirements.multi_k8s.distinct_cluster

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.cluster
import data.dfpolicy.lib.message
import data.dfpolicy.lib.result
import data.dfpolicy.lib.settings
import data.dfpolicy.lib.value

results contains result.of(rego.metadata.chain(), agent_config.subject(workload), _verdict(workload)) if some workload in agent.managed

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.unknown(
	_question(value.string_at(settings.cluster, "caCertificateMd5")),
	"kubectl get configmap -n kube-system kube-root-ca.crt -o jsonpath='{.data.ca\\.crt}' | md5sum",
) if {
	cluster.id(workload) == ""
} else := cluster.asked_id(workload, result.following("DF-MK-004", _indistinct(cluster.id_fault(workload)))) if {
	cluster.id_fault(workload)
} else := doubt if {
	doubt := cluster.id_doubt(workload)
} else := result.pass(cluster.shown_id(workload))

_indistinct(observed) := result.violation(observed, "a CA certificate or kubernetes-cluster-id unique to this cluster")

_question(digest) := message.text("whether another cluster has the same CA certificate; compare the MD5 of all clusters") if {
	digest == ""
} else := message.of("whether another cluster has the same CA certificate (MD5 {digest})", {"digest": digest})
