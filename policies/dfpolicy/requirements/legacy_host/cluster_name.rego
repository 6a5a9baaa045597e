# METADATA
# title: The agent of a cluster's node names the cluster
# description: >-
#   Where nobody may create a DaemonSet, agents run as processes of the nodes and one watcher in
#   the cluster reads the API server. Both have to name the cluster by its id.
# custom:
#   id: DF-LH-010
#   level: required
#   impact: [AutoTagging]
#   remediation: >-
#     Set `kubernetes-cluster-id` in `/etc/deepflow-agent.yaml` to the id of the cluster's domain,
#     and deploy the watcher with the same id.
#   source: DOC-special
package dfpolicy.requirements.legacy_host.cluster_name

import data.dfpolicy.lib.agent
import data.dfpolicy.lib.agent_config
import data.dfpolicy.lib.result
import data.dfpolicy.lib.value
import data.dfpolicy.tables.placeholders

results contains result.of(rego.metadata.chain(), workload.container_subject, _verdict(workload)) if {
	some workload in agent.hosted
	_of_cluster(workload)
}

# An agent of a host that belongs to no cluster is not asked.
_of_cluster(_) if count(_watchers) > 0

_of_cluster(workload) if count(_cluster_ids(workload)) > 0

_watchers := [candidate | some candidate in agent.workloads; candidate.role == "watcher"]

_cluster_ids(workload) := [given | some given in agent_config.values(workload, "kubernetes-cluster-id"); given != null]

_verdict(workload) := doubt if {
	doubt := agent_config.doubt(workload, "kubernetes-cluster-id")
} else := result.violation("kubernetes-cluster-id is not set, and the cluster has a watcher", _identified) if {
	count(_meant(workload)) == 0
	count(_cluster_ids(workload)) == 0
} else := result.violation($"kubernetes-cluster-id is the placeholder {value.shown(_cluster_ids(workload)[0])}", _identified) if {
	count(_meant(workload)) == 0
} else := result.unknown("whether the cluster has a watcher", "kubectl get deployments -A -l component=deepflow-agent -o yaml") if {
	count(_watchers) == 0
} else := result.pass($"kubernetes-cluster-id is {_meant(workload)[0]}, and the cluster has a watcher")

_identified := "the id of the cluster in kubernetes-cluster-id"

_meant(workload) := [given |
	some given in _cluster_ids(workload)
	is_string(given)
	not placeholders.found(given)
]
